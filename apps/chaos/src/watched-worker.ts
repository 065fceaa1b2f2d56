import {
  openLogFile,
  superviseWorker,
  type Environment,
  type LogFile,
  type StackEnv,
} from "@docket/stack";

/** A worker process that is restarted whenever it dies. */
export type WatchedWorker = {
  /** Undefined while it is being restarted. */
  readonly pid: () => number | undefined;
  /** Number of exports in progress, according to its log. */
  readonly running: () => number;
  readonly stop: () => Promise<void>;
};

/** Short, because the run needs workers to kill. */
const MAX_RESTART_DELAY_MS = 500;

/** Starts a worker, appends its log to `path` and follows the log. */
export async function watchWorker(
  environment: Environment,
  path: string,
  stackEnv: StackEnv,
): Promise<WatchedWorker> {
  const file = openLogFile(path);
  const exports = trackExports();
  const log: LogFile = {
    ...file,
    write: (line) => {
      file.write(line);
      exports.read(line);
    },
  };
  const options = { environment, log, maxDelayMs: MAX_RESTART_DELAY_MS };
  const supervised = await superviseWorker(options, stackEnv);
  const pid = (): number | undefined => supervised.current()?.pid;
  return {
    pid,
    running: () => exports.countOf(pid()),
    stop: async () => {
      await supervised.stop();
      file.close();
    },
  };
}

type Entry = { pid?: number; jobId?: string; status?: string; msg?: string };

/** Counts the exports in progress from a worker's log lines. */
function trackExports() {
  const running = new Set<string>();
  let lastPid: number | undefined;
  return {
    read: (line: string): void => {
      const { pid, jobId, status, msg } = parse(line);
      // The exports of the previous process died with it.
      if (pid !== lastPid) running.clear();
      lastPid = pid;
      if (jobId === undefined) return;
      if (status === "RUNNING") running.add(jobId);
      else if (status !== undefined || msg === "claim lost") running.delete(jobId);
    },
    countOf: (pid: number | undefined): number => (lastPid === pid ? running.size : 0),
  };
}

function parse(line: string): Entry {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return {};
  }
}
