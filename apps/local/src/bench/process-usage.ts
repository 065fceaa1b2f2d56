import { readFileSync, writeFileSync } from "node:fs";

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
