import { setTimeout as sleep } from "node:timers/promises";

import { startChild, type Child } from "./child-process.ts";
import type { LogFile } from "./log-file.ts";
import { API_PROGRAM, WORKER_NODE_FLAGS, WORKER_PROGRAM } from "./paths.ts";
import { logOf, type Surroundings } from "./parts.ts";
import { without, type Environment } from "./settings.ts";
import { supervise, type Supervised } from "./supervisor.ts";

export type ApiOptions = {
  readonly environment: Environment;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
};

/** Keeps the API running, at the same address for as long as the stack runs. */
export async function superviseApi(
  { environment, host, port: wanted }: ApiOptions,
  around: Surroundings,
): Promise<Supervised<Child>> {
  const log = logOf(around.home, "api");
  let port = wanted;
  const start = async (signal: AbortSignal): Promise<Child> => {
    const options = {
      program: API_PROGRAM,
      environment: { ...environment, HOST: host, PORT: String(port) },
      readyMessage: "listening",
      log,
      onSpawn: around.onSpawn,
    };
    const child = await startChild(options, signal);
    port = Number(child.ready["port"]);
    return child;
  };
  return supervise({ name: "The API", start, log: around.log }, around.signal);
}

export type WorkerOptions = {
  readonly environment: Environment;
  /** Default: `worker.log`. */
  readonly log?: LogFile;
  /** The longest pause before it is started again. */
  readonly longestPauseMs?: number;
};

/** Keeps a worker running. */
export async function superviseWorker(
  { environment, log, ...pauses }: WorkerOptions,
  around: Surroundings,
): Promise<Supervised<Child>> {
  const options = {
    program: WORKER_PROGRAM,
    nodeFlags: WORKER_NODE_FLAGS,
    // Both apps would serve their metrics on it.
    environment: without(environment, "METRICS_PORT"),
    readyMessage: "ready",
    log: log ?? logOf(around.home, "worker"),
    onSpawn: around.onSpawn,
  };
  const start = (signal: AbortSignal): Promise<Child> => startChild(options, signal);
  return supervise({ name: "The worker", start, log: around.log, ...pauses }, around.signal);
}

const READY_MS = 30_000;

/** Waits until the API says that all it needs is there. @throws Error with what it says instead after 30 s. */
export async function waitUntilReady(address: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_MS;
  let said = "no answer";
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${address}/readyz`, { signal });
      said = await response.text();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(50);
  }
  throw new Error(`The stack does not become ready: ${said}`);
}
