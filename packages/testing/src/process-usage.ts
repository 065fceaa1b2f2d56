import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The resources that a process has used since it started. */
export type ProcessUsage = {
  /** User and system time, all threads. */
  readonly cpuSeconds: number;
  /** The peak resident memory (VmHWM). */
  readonly peakRssMb: number;
};

/** `USER_HZ`, which is 100 on every Linux platform of Node. */
const TICKS_PER_SECOND = 100;

/** Undefined if the process has ended, and on systems without /proc. */
export function processUsage(pid: number): ProcessUsage | undefined {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return {
      cpuSeconds: readStat(pid).cpuSeconds,
      peakRssMb: Number(peak?.[1]) / 1_024,
    };
  } catch {
    return undefined;
  }
}

/**
 * The CPU time of a process and its children, such as a Postgres server and its connections: the children that run, and those
 * that have ended. Undefined if the process has ended, and on systems without /proc.
 */
export function processTreeCpuSeconds(pid: number): number | undefined {
  try {
    const { cpuSeconds, endedChildrenCpuSeconds } = readStat(pid);
    const children = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => statIfRunning(Number(name)))
      .filter((stat) => stat?.parent === pid);
    const running = children.reduce((sum, child) => sum + (child?.cpuSeconds ?? 0), 0);
    return cpuSeconds + endedChildrenCpuSeconds + running;
  } catch {
    return undefined;
  }
}

type Stat = {
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly endedChildrenCpuSeconds: number;
};

function readStat(pid: number): Stat {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the name of the program in parentheses, which may contain anything.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return {
    parent: fields[1]!,
    cpuSeconds: (fields[11]! + fields[12]!) / TICKS_PER_SECOND,
    endedChildrenCpuSeconds: (fields[13]! + fields[14]!) / TICKS_PER_SECOND,
  };
}

function statIfRunning(pid: number): Stat | undefined {
  try {
    return readStat(pid);
  } catch {
    return undefined;
  }
}

/** Restarts the measurement of peak memory, where the system can do that. */
export function resetPeakMemory(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch {
    // The peak since the start remains, which is an upper bound.
  }
}

const POLL_INTERVAL_MS = 200;
const IDLE_CPU_SECONDS = 0.02;
const TIMEOUT_MS = 20_000;

/** Waits until a process is idle, for at most 20 s, so that unfinished work does not affect the next measurement. */
export async function waitUntilIdle(pid: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  let before = processUsage(pid)?.cpuSeconds ?? 0;
  while (performance.now() < deadline) {
    await sleep(POLL_INTERVAL_MS, undefined, { signal });
    const now = processUsage(pid)?.cpuSeconds ?? 0;
    if (now - before < IDLE_CPU_SECONDS) return;
    before = now;
  }
}
