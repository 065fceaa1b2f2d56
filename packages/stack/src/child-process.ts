import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

import type { LogFile } from "./log-file.ts";
import { EXIT_WITH_PARENT } from "./paths.ts";
import type { Running } from "./supervisor.ts";

/** One line of a process's JSON log. */
export type LogLine = Readonly<Record<string, unknown>>;

export type ChildOptions = {
  readonly program: string;
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The `msg` that says it is ready. */
  readonly readyMessage: string;
  readonly log: LogFile;
  readonly onSpawn: (pid: number) => void;
  readonly readyWithinMs?: number;
  readonly stopWithinMs?: number;
};

export type Child = Running & {
  readonly pid: number;
  /** The line that said it was ready. */
  readonly ready: LogLine;
};

const READY_MS = 60_000;
/** The API drains for 6.5 s; object store and Postgres still follow within the stack's 10 s. */
const STOP_MS = 7_500;

/** Starts a Node program of ours as a process of its own and waits until it says that it is ready. */
export async function startChild(options: ChildOptions, signal: AbortSignal): Promise<Child> {
  const {
    program,
    nodeFlags = [],
    args = [],
    environment,
    log,
    readyWithinMs = READY_MS,
  } = options;
  signal.throwIfAborted();
  const child = spawn(
    process.execPath,
    [...nodeFlags, "--import", EXIT_WITH_PARENT, program, ...args],
    {
      // One arena: what streams through is freed by other threads than took it, and several arenas keep it (100 MB of a worker).
      env: { MALLOC_ARENA_MAX: "1", ...environment },
      // A group of its own: Ctrl-C in the terminal is for us, who stop them in order.
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  if (child.pid !== undefined) options.onSpawn(child.pid);
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, by) => resolve(by === null ? `exit code ${code}` : `signal ${by}`));
    child.once("error", (error) => resolve(error.message));
  });
  const output = watchOutput(child, log, options.readyMessage);
  const stop = (): Promise<void> => stopChild(child, ended, options.stopWithinMs ?? STOP_MS);

  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), readyWithinMs);
  const given = AbortSignal.any([signal, late.signal]);
  const outcome = await Promise.race([
    output.ready,
    ended.then((reason) => `it ended, ${reason}`),
    aborted(given).then(() => "it was not ready in time"),
  ]);
  clearTimeout(timer);
  if (typeof outcome !== "string" && child.pid !== undefined) {
    return { pid: child.pid, ready: outcome, ended, stop };
  }
  await stop();
  signal.throwIfAborted();
  const reason = typeof outcome === "string" ? outcome : "it has no pid";
  throw new Error([reason, ...output.lastWords()].join(": "));
}

const COMPLAINT = /"level":"(?:fatal|error)"/;

function watchOutput(child: ChildProcess, log: LogFile, readyMessage: string) {
  const complaints: string[] = [];
  let isReady = false;
  let settle: (line: LogLine) => void = () => undefined;
  const ready = new Promise<LogLine>((resolve) => (settle = resolve));
  const complain = (line: string): void => {
    complaints.push(line);
    if (complaints.length > 3) complaints.shift();
  };
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      log.write(line);
      // Once it is ready only complaints are of interest: a busy process writes thousands of lines a second.
      if (isReady && !COMPLAINT.test(line)) return;
      const entry = parse(line);
      if (entry["msg"] === readyMessage) {
        isReady = true;
        settle(entry);
      }
      if (entry["level"] === "fatal" || entry["level"] === "error") complain(messageOf(entry));
    });
  }
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      log.write(line);
      if (line.trim() !== "") complain(line.trim());
    });
  }
  return { ready, lastWords: () => complaints };
}

function parse(line: string): LogLine {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as LogLine) : {};
  } catch {
    return {};
  }
}

function messageOf(entry: LogLine): string {
  const error = entry["err"] as { message?: unknown } | undefined;
  const cause = typeof error?.message === "string" ? ` (${error.message.split("\n")[0]})` : "";
  return `${String(entry["msg"])}${cause}`;
}

async function stopChild(child: ChildProcess, ended: Promise<string>, ms: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  await ended;
  clearTimeout(timer);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
