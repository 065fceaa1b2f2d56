import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What a process has used so far; undefined where the system does not say (only Linux has /proc). */
export type ProcessUsage = {
  /** User and system time, all threads. */
  readonly cpuSeconds: number;
  /** The most memory that it ever held (VmHWM). */
  readonly peakRssMb: number;
};

/** The kernel counts in hundredths of a second on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

export function usageOf(pid: number): ProcessUsage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
      peakRssMb: Number(peak?.[1]) / 1_024,
    };
  } catch {
    return undefined;
  }
}

/** Has the peak counted from now on; where the system cannot do that, it stays the one since the start. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch {
    // An upper bound is what is left.
  }
}

const LOOK_EVERY_MS = 200;
const IDLE_BELOW_SECONDS = 0.02;
const SETTLES_WITHIN_MS = 20_000;

/** Waits until a process has nothing to do any more: what it still does is not to burden the next measurement. */
export async function untilIdle(pid: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + SETTLES_WITHIN_MS;
  let before = usageOf(pid)?.cpuSeconds ?? 0;
  while (performance.now() < deadline) {
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    const now = usageOf(pid)?.cpuSeconds ?? 0;
    if (now - before < IDLE_BELOW_SECONDS) return;
    before = now;
  }
}
