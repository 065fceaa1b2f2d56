import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { watchOutput, type LogLine } from "./child-output.ts";
import type { LogFile } from "./log-file.ts";
import { EXIT_WITH_PARENT } from "./programs.ts";
import type { Running } from "./supervisor.ts";

export type ChildOptions = {
  readonly program: string;
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The `msg` of the log line that the program writes when it is ready. */
  readonly readyMessage: string;
  /** Default: none. */
  readonly log?: Pick<LogFile, "write">;
  readonly onSpawn?: (pid: number) => void;
  /** Default: 60 s. */
  readonly readyTimeoutMs?: number;
  /** SIGKILL follows SIGTERM after this long. Default: 7.5 s. */
  readonly stopTimeoutMs?: number;
};

export type Child = Running & {
  readonly pid: number;
  /** The log line that the program wrote when it was ready. */
  readonly ready: LogLine;
};

const READY_TIMEOUT_MS = 60_000;
/** The API drains for up to 6.5 s. The object store and Postgres stop after it, within the stack's 10 s. */
const STOP_TIMEOUT_MS = 7_500;

const NO_LOG = { write: (): void => undefined };

/** Starts one of the project's Node programs as a child process and waits until it is ready. */
export async function startChild(
  options: ChildOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<Child> {
  const { readyMessage, readyTimeoutMs = READY_TIMEOUT_MS, log = NO_LOG } = options;
  signal.throwIfAborted();
  const child = spawnProgram(options);
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const ended = endOf(child);
  const output = watchOutput(child, log, readyMessage);
  const stop = (): Promise<void> =>
    stopChild(child, ended, options.stopTimeoutMs ?? STOP_TIMEOUT_MS);

  const outcome = await Promise.race([
    output.ready,
    ended.then((reason) => `the process ended (${reason})`),
    aborted(AbortSignal.any([signal, AbortSignal.timeout(readyTimeoutMs)])).then(
      () => `the process was not ready within ${readyTimeoutMs} ms`,
    ),
  ]);
  if (typeof outcome !== "string" && child.pid !== undefined) {
    return { pid: child.pid, ready: outcome, ended, stop };
  }
  await stop();
  signal.throwIfAborted();
  const reason = typeof outcome === "string" ? outcome : "the process has no pid";
  throw new Error([reason, ...output.lastErrors()].join(": "));
}

function spawnProgram({ program, nodeFlags = [], args = [], environment }: ChildOptions) {
  const nodeArgs = [...nodeFlags, "--import", EXIT_WITH_PARENT, program, ...args];
  return spawn(process.execPath, nodeArgs, {
    // Streamed buffers are freed by threads that did not allocate them. With several arenas, malloc would keep 100 MB of them.
    env: { MALLOC_ARENA_MAX: "1", ...environment },
    // Its own process group: the terminal's Ctrl-C reaches only the supervisor, which stops everything in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
    child.once("error", (error) => resolve(error.message));
  });

async function stopChild(
  child: ChildProcess,
  ended: Promise<string>,
  timeoutMs: number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  await ended;
  clearTimeout(timer);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
