import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Identifies a process even after its pid has been reused: `identity` contains its start time. */
export type ProcessIdentity = { readonly pid: number; readonly identity: string };

/** Identifies a running process; undefined when there is none. A zombie is not running. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const identity = process.platform === "linux" ? linuxIdentity(pid) : psIdentity(pid);
  return identity === undefined ? undefined : { pid, identity };
}

export function isRunning({ pid, identity }: ProcessIdentity): boolean {
  return identifyProcess(pid)?.identity === identity;
}

/** Validates an identity read from disk; undefined when it is malformed. */
export function parseIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { pid, identity } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(pid) || typeof identity !== "string") return undefined;
  return { pid: pid as number, identity };
}

/** The boot id and the clock tick at which the process started. */
function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name in parentheses, may contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTime] = [fields[0], fields[19]];
    if (state === "Z" || state === "X" || startTime === undefined) return undefined;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${startTime}`;
  } catch {
    return undefined;
  }
}

function psIdentity(pid: number): string | undefined {
  try {
    const startTime = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return startTime === "" ? undefined : startTime;
  } catch {
    return undefined;
  }
}
