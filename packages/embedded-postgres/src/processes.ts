import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const POLL_MS = 20;

export interface ProcessInfo {
  /** The parent's pid. */
  readonly parent: number;
  /** The command line. */
  readonly command: string;
}

/** Looks up a running process; undefined when there is none. A zombie is not running. */
export async function lookUpProcess(pid: number): Promise<ProcessInfo | undefined> {
  try {
    return process.platform === "linux" ? await readProc(pid) : await runPs(pid);
  } catch {
    return undefined;
  }
}

async function readProc(pid: number): Promise<ProcessInfo | undefined> {
  const [status, command] = await Promise.all([
    readFile(`/proc/${pid}/status`, "utf8"),
    readFile(`/proc/${pid}/cmdline`, "utf8"),
  ]);
  if (/^State:\s+Z/m.test(status)) return undefined;
  const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
  return { parent, command: command.replaceAll("\0", " ") };
}

async function runPs(pid: number): Promise<ProcessInfo | undefined> {
  const { stdout } = await run("ps", ["-o", "ppid=,command=", "-p", String(pid)]);
  const found = /^\s*(\d+)\s+(.*)/.exec(stdout);
  return found === null ? undefined : { parent: Number(found[1]), command: found[2] ?? "" };
}

/** Waits until a process has exited; false when it is still running after the timeout. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while ((await lookUpProcess(pid)) !== undefined) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
