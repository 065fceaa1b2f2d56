import { setTimeout as sleep } from "node:timers/promises";

import { startChild, type Child } from "../processes/child-process.ts";
import type { LogFile } from "../processes/log-file.ts";
import {
  API_NODE_FLAGS,
  API_PROGRAM,
  WORKER_NODE_FLAGS,
  WORKER_PROGRAM,
} from "../processes/programs.ts";
import { supervise, type Supervised } from "../processes/supervisor.ts";
import { omitVariables, type Environment } from "../settings.ts";
import { openProcessLog, type StackEnv } from "./stack-env.ts";

export type ApiOptions = {
  readonly environment: Environment;
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
};

/** Keeps the API running. A restart reuses the port. */
export async function superviseApi(
  options: ApiOptions,
  stackEnv: StackEnv,
): Promise<Supervised<Child>> {
  const log = openProcessLog(stackEnv.home, "api");
  let { port } = options;
  const start = async (signal: AbortSignal): Promise<Child> => {
    const child = await startChild(
      {
        program: API_PROGRAM,
        nodeFlags: API_NODE_FLAGS,
        environment: { ...options.environment, HOST: options.host, PORT: String(port) },
        readyMessage: "listening",
        log,
        onSpawn: stackEnv.onSpawn,
      },
      signal,
    );
    port = Number(child.ready["port"]);
    return child;
  };
  return supervise({ name: "The API", start, log: stackEnv.log }, stackEnv.signal);
}

export type WorkerOptions = {
  readonly environment: Environment;
  /** Default: `worker.log`. */
  readonly log?: LogFile;
  /** The longest delay before a restart. */
  readonly maxDelayMs?: number;
};

/** Keeps a worker running. */
export async function superviseWorker(
  { environment, log, ...delays }: WorkerOptions,
  stackEnv: StackEnv,
): Promise<Supervised<Child>> {
  const options = {
    program: WORKER_PROGRAM,
    nodeFlags: WORKER_NODE_FLAGS,
    // The API already listens on the metrics port.
    environment: omitVariables(environment, "METRICS_PORT"),
    readyMessage: "ready",
    log: log ?? openProcessLog(stackEnv.home, "worker"),
    onSpawn: stackEnv.onSpawn,
  };
  const start = (signal: AbortSignal): Promise<Child> => startChild(options, signal);
  return supervise({ name: "The worker", start, log: stackEnv.log, ...delays }, stackEnv.signal);
}

const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** Waits until the API's `/readyz` answers 200. @throws Error with the last answer after 30 s. */
export async function waitUntilReady(address: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let lastAnswer = "no answer";
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${address}/readyz`, { signal });
      lastAnswer = await response.text();
      if (response.ok) return;
    } catch {
      // The API is not listening yet.
    }
    await sleep(POLL_MS);
  }
  throw new Error(`The stack did not become ready: ${lastAnswer}`);
}
