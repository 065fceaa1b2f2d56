import { setTimeout as sleep } from "node:timers/promises";

import {
  identifyProcess,
  isRunning,
  parseIdentity,
  type ProcessIdentity,
} from "../processes/process-identity.ts";
import { homePaths } from "./home.ts";
import { readJson, writeJson } from "./json-file.ts";

/** The processes that a stack has started, on disk, so that the next start can stop those that outlived it. */
export type ProcessList = {
  readonly add: (pid: number) => void;
  /** Call it when all of the processes have been stopped. */
  readonly clear: () => void;
};

/** Opens the process list of a home. Overwrites the old one: call {@link stopOrphans} first. */
export function openProcessList(home: string): ProcessList {
  let processes: ProcessIdentity[] = [];
  return {
    add: (pid) => {
      const identity = identifyProcess(pid);
      if (identity === undefined) return;
      processes = [...processes.filter(isRunning), identity];
      writeJson(homePaths.processes(home), processes);
    },
    clear: () => writeJson(homePaths.processes(home), []),
  };
}

const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 20;

/**
 * Stops the processes that an earlier run started and that outlived it. SIGKILL follows SIGTERM after `timeoutMs`.
 * The caller must hold the home's lock.
 */
export async function stopOrphans(
  home: string,
  log: (line: string) => void,
  timeoutMs = STOP_TIMEOUT_MS,
): Promise<void> {
  const found = readJson(homePaths.processes(home));
  const orphans = (Array.isArray(found) ? found : [])
    .map(parseIdentity)
    .filter((identity) => identity !== undefined)
    .filter(isRunning);
  for (const orphan of orphans) {
    log(`stopping orphan process ${orphan.pid} of an earlier run`);
    sendSignal(orphan, "SIGTERM");
  }
  const deadline = performance.now() + timeoutMs;
  while (orphans.some(isRunning)) {
    if (performance.now() > deadline) {
      for (const orphan of orphans) sendSignal(orphan, "SIGKILL");
    }
    await sleep(POLL_MS);
  }
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It exited in between.
  }
}
