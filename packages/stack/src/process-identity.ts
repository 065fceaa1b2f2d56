import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process, told apart from a later one that was given the same pid. */
export type ProcessMark = { readonly pid: number; readonly identity: string };

/** Marks a running process; undefined when there is none (a zombie counts as gone). */
export function markProcess(pid: number): ProcessMark | undefined {
  const identity = process.platform === "linux" ? linuxIdentity(pid) : psIdentity(pid);
  return identity === undefined ? undefined : { pid, identity };
}

/** True while exactly the marked process runs. */
export function isRunning(mark: ProcessMark): boolean {
  return markProcess(mark.pid)?.identity === mark.identity;
}

/** Reads a mark out of parsed JSON; undefined for anything else, as a power cut may leave it. */
export function readMark(value: unknown): ProcessMark | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { pid, identity } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(pid) || typeof identity !== "string") return undefined;
  return { pid: pid as number, identity };
}

/** The boot and the clock tick at which the process began. */
function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, began] = [fields[0], fields[19]];
    if (state === "Z" || state === "X" || began === undefined) return undefined;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${began}`;
  } catch {
    return undefined;
  }
}

function psIdentity(pid: number): string | undefined {
  try {
    const began = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return began === "" ? undefined : began;
  } catch {
    return undefined;
  }
}
