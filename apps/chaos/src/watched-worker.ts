import {
  type Environment,
  type LogFile,
  openLogFile,
  superviseWorker,
  type Surroundings,
} from "@docket/stack";

/** A worker process that is started again whenever it dies. */
export type WatchedWorker = {
  /** Undefined while it is being started again. */
  readonly pid: () => number | undefined;
  /** How many exports it is at work on, as its log says. */
  readonly running: () => number;
  readonly stop: () => Promise<void>;
};

/** Dead for as short as can be: chaos wants it back. */
const LONGEST_PAUSE_MS = 500;

/** Starts a worker whose log, below `path`, is read along. */
export async function watchWorker(
  environment: Environment,
  path: string,
  around: Surroundings,
): Promise<WatchedWorker> {
  const file = openLogFile(path);
  const running = new Set<string>();
  let readPid: number | undefined;
  const log: LogFile = {
    ...file,
    write: (line) => {
      file.write(line);
      const { pid, jobId, status, msg } = parse(line);
      // What the one before was at died with it.
      if (pid !== readPid) running.clear();
      readPid = pid;
      if (jobId === undefined) return;
      if (status === "RUNNING") running.add(jobId);
      else if (status !== undefined || msg === "claim lost") running.delete(jobId);
    },
  };
  const options = { environment, log, longestPauseMs: LONGEST_PAUSE_MS };
  const supervised = await superviseWorker(options, around);
  const pid = (): number | undefined => supervised.current()?.pid;
  return {
    pid,
    running: () => (readPid === pid() ? running.size : 0),
    stop: async () => {
      await supervised.stop();
      file.close();
    },
  };
}

type Line = { pid?: number; jobId?: string; status?: string; msg?: string };

function parse(line: string): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return {};
  }
}
