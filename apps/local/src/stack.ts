import { rmSync } from "node:fs";

import { createLifetime, createLogger, type Lifetime } from "@docket/platform";

import {
  addressOf,
  type ApiOptions,
  type Child,
  ensureSecrets,
  type Environment,
  inHome,
  issuedBy,
  listeningOn,
  lockHome,
  openProcessRecord,
  prepareHome,
  refuseTakenPort,
  signToken,
  startPieces,
  stopLeftovers,
  superviseApi,
  type Supervised,
  superviseWorker,
  type Surroundings,
  waitUntilReady,
  without,
  writeJson,
} from "@docket/stack";
import { createClient } from "@docket/client";
import { DEMO_SUBJECT, DEMO_TENANT, ensureDemoTenant } from "@docket/demo-data";

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
  const { api } = await superviseApps({ environment: shared, host, port }, around, lifetime);
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

/** The API and the worker, started side by side and stopped side by side. */
async function superviseApps(
  options: ApiOptions,
  around: Surroundings,
  lifetime: Lifetime,
): Promise<{ readonly api: Child }> {
  const { environment } = options;
  const started = await Promise.allSettled([
    superviseApi(options, around),
    superviseWorker({ environment }, around),
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
