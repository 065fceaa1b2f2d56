import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What the system says of a running process. */
export interface ProcessInfo {
  readonly parent: number;
  readonly command: string;
}

/** Looks a process up; undefined when it does not run. */
export async function lookUpProcess(pid: number): Promise<ProcessInfo | undefined> {
  try {
    if (process.platform === "linux") {
      const [status, command] = await Promise.all([
        readFile(`/proc/${pid}/status`, "utf8"),
        readFile(`/proc/${pid}/cmdline`, "utf8"),
      ]);
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
      // A zombie has ended; only its parent has not heard yet.
      if (/^State:\s+Z/m.test(status)) return undefined;
      return { parent, command: command.replaceAll("\0", " ") };
    }
    const { stdout } = await run("ps", ["-o", "ppid=,command=", "-p", String(pid)]);
    const found = /^\s*(\d+)\s+(.*)/.exec(stdout);
    return found === null ? undefined : { parent: Number(found[1]), command: found[2] ?? "" };
  } catch {
    return undefined;
  }
}

/** Waits until a process is gone; false when it outlives the time given. */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while ((await lookUpProcess(pid)) !== undefined) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
