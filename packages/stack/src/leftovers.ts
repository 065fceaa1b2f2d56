import { setTimeout as sleep } from "node:timers/promises";

import { readJson, writeJson } from "./durable-file.ts";
import { inHome } from "./home.ts";
import { isRunning, markProcess, readMark, type ProcessMark } from "./process-identity.ts";

/** Remembers on disk which processes a stack has started, so that the next start finds them if nobody stopped them. */
export type ProcessRecord = {
  readonly add: (pid: number) => void;
  /** Call when all of them have been stopped. */
  readonly clear: () => void;
};

/** Opens the record of a home; {@link stopLeftovers} comes first. */
export function openProcessRecord(home: string): ProcessRecord {
  let marks: ProcessMark[] = [];
  return {
    add: (pid) => {
      const mark = markProcess(pid);
      if (mark === undefined) return;
      marks = [...marks.filter(isRunning), mark];
      writeJson(inHome.processes(home), marks);
    },
    clear: () => writeJson(inHome.processes(home), []),
  };
}

const PATIENCE_MS = 5_000;

/** Stops the processes that an earlier run had started and that outlived it; the lock must be ours. */
export async function stopLeftovers(home: string, log: (line: string) => void): Promise<void> {
  const found = readJson(inHome.processes(home));
  const marks = (Array.isArray(found) ? found : [])
    .map(readMark)
    .filter((mark) => mark !== undefined)
    .filter(isRunning);
  for (const mark of marks) {
    log(`stopping process ${mark.pid}, which an earlier run left behind`);
    signalTo(mark, "SIGTERM");
  }
  const deadline = performance.now() + PATIENCE_MS;
  while (marks.some(isRunning)) {
    if (performance.now() > deadline) {
      for (const mark of marks) signalTo(mark, "SIGKILL");
    }
    await sleep(20);
  }
}

function signalTo(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (!isRunning(mark)) return;
  try {
    process.kill(mark.pid, signal);
  } catch {
    // It ended in between.
  }
}
