import { setTimeout as sleep } from "node:timers/promises";
import { rmSync } from "node:fs";

import { createLifetime, createLogger, type Lifetime } from "@docket/platform";

import { issuedBy, signToken } from "./access-token.ts";
import { startChild, type Child } from "./child-process.ts";
import { createClient } from "./client.ts";
import { DEMO_SUBJECT, DEMO_TENANT, ensureDemoTenant } from "./demo-tenant.ts";
import { writeJson } from "./durable-file.ts";
import { lockHome } from "./home-lock.ts";
import { ensureSecrets, inHome, prepareHome } from "./home.ts";
import { openProcessRecord, stopLeftovers } from "./leftovers.ts";
import { API_PROGRAM, WORKER_PROGRAM } from "./paths.ts";
import { startPieces } from "./stack-pieces.ts";
import { logOf, type Surroundings } from "./stack-parts.ts";
import {
  addressOf,
  listeningOn,
  refuseTakenPort,
  without,
  type Environment,
} from "./stack-settings.ts";
import { supervise, type Supervised } from "./supervisor.ts";

export type StackOptions = {
  readonly home: string;
  readonly environment: Environment;
  /** Takes what the person at the terminal should know, a line at a time. */
  readonly log: (line: string) => void;
  /** Gives up the start. */
  readonly signal: AbortSignal;
};

/** A whole Docket on this machine. */
export type Stack = {
  readonly address: string;
  /** The demo tenant; absent when tokens are somebody else's to sign (`JWT_JWKS_URI`). */
  readonly demo?: { readonly tenantId: string; readonly contextId: string; readonly token: string };
  readonly close: () => Promise<void>;
};

/**
 * Starts everything that was not given, then the API and the worker as processes of their own, and the demo tenant.
 * Each process that dies is started again until `close`.
 *
 * @throws HomeInUseError, StartError; nothing is left running.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const lifetime = createLifetime(createLogger("docket-local", "error"));
  const close = async (): Promise<void> => {
    await lifetime.close();
  };
  try {
    return { ...(await start(options, lifetime)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: StackOptions, lifetime: Lifetime): Promise<Omit<Stack, "close">> {
  const { home, environment, log, signal } = options;
  const { host, port } = listeningOn(environment);
  prepareHome(home);
  lifetime.onClose("lock", lockHome(home));
  await stopLeftovers(home, log);
  await refuseTakenPort(host, port);

  const record = openProcessRecord(home);
  lifetime.onClose("process record", record.clear);
  const around: Surroundings = {
    home,
    secrets: ensureSecrets(home),
    log,
    onSpawn: record.add,
    signal,
  };
  const settings = await startPieces(environment, around, lifetime);
  signal.throwIfAborted();

  const keys = environment["JWT_JWKS_URI"]
    ? undefined
    : { JWT_SECRET: environment["JWT_SECRET"] || around.secrets.jwtSecret };
  const shared = without({ ...settings, ...keys }, "MIGRATE_DATABASE_URL", "PORT", "HOST");
  const { api } = await superviseApps({ shared, host, port }, around, lifetime);
  const address = addressOf(host, Number(api.ready["port"]));
  await waitUntilReady(address, signal);

  lifetime.onClose("address", () => rmSync(inHome.stack(home), { force: true }));
  if (keys === undefined) {
    writeJson(inHome.stack(home), { address });
    return { address };
  }
  const who = { tenant: DEMO_TENANT, subject: DEMO_SUBJECT, ...issuedBy(environment) };
  const token = signToken(keys.JWT_SECRET, who);
  const today = new Date().toISOString().slice(0, 10);
  const context = await ensureDemoTenant(createClient({ address, token, signal }), today, log);
  writeJson(inHome.stack(home), { address });
  return { address, demo: { tenantId: DEMO_TENANT, contextId: context.id, token } };
}

type Apps = { readonly shared: Environment; readonly host: string; readonly port: number };

/** The API and the worker, started side by side and stopped side by side. */
async function superviseApps(
  { shared, host, port: wanted }: Apps,
  around: Surroundings,
  lifetime: Lifetime,
): Promise<{ readonly api: Child }> {
  let port = wanted;
  const common = { onSpawn: around.onSpawn };
  const startApi = async (signal: AbortSignal): Promise<Child> => {
    const environment = { ...shared, HOST: host, PORT: String(port) };
    const options = { ...common, program: API_PROGRAM, environment, readyMessage: "listening" };
    const child = await startChild({ ...options, log: apiLog }, signal);
    // The same address for as long as the stack runs.
    port = Number(child.ready["port"]);
    return child;
  };
  const startWorker = (signal: AbortSignal): Promise<Child> => {
    // Both apps would serve their metrics on it.
    const environment = without(shared, "METRICS_PORT");
    const options = { ...common, program: WORKER_PROGRAM, environment, readyMessage: "ready" };
    return startChild({ ...options, log: workerLog }, signal);
  };
  const apiLog = logOf(around.home, "api");
  const workerLog = logOf(around.home, "worker");
  const { log, signal } = around;

  const started = await Promise.allSettled([
    supervise({ name: "The API", start: startApi, log }, signal),
    supervise({ name: "The worker", start: startWorker, log }, signal),
  ]);
  const running = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  lifetime.onClose("API and worker", () => stopAll(running));
  for (const [index, each] of started.entries()) {
    if (each.status === "fulfilled") continue;
    const name = index === 0 ? "The API" : "The worker";
    throw new Error(`${name} does not start: ${(each.reason as Error).message}`, {
      cause: each.reason,
    });
  }
  return { api: running[0]!.first };
}

async function stopAll(running: readonly Supervised<Child>[]): Promise<void> {
  await Promise.all(running.map((each) => each.stop()));
}

const READY_MS = 30_000;

async function waitUntilReady(address: string, signal: AbortSignal): Promise<void> {
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
