import { randomUUID } from "node:crypto";
import { join } from "node:path";

import {
  type Lifetime,
  readEnvironment,
  sharedVariables,
  type SharedVariables,
  storageConfig,
} from "@docket/platform";
import { createDatabase, type Database } from "@docket/platform/database";
import { createStorage, type Storage } from "@docket/platform/storage";
import { createSlowProxy, type SlowProxy } from "@docket/testing";

import {
  ensureSecrets,
  type Environment,
  homePaths,
  prepareHome,
  signToken,
  StartError,
  startServices,
  superviseApi,
  type StackEnv,
  waitUntilReady,
  omitVariables,
} from "@docket/stack";
import { createClient, type Client } from "@docket/client";
import { ensureDemoTenant } from "@docket/demo-data";
import { watchWorker, type WatchedWorker } from "./watched-worker.ts";

export type ChaosStackOptions = {
  /** An empty directory; the caller removes it. */
  readonly home: string;
  /** What it gives of database, queue and store is used, as by `npm start`. */
  readonly environment: Environment;
  readonly workers: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
};

/** A Docket to be hurt: an API, workers that can be killed one by one, and a slow line between them and the store. */
export type ChaosStack = {
  readonly client: Client;
  /** A new one, with the demo's records. */
  readonly tenantId: string;
  readonly contextId: string;
  readonly workers: readonly WatchedWorker[];
  readonly line: SlowProxy;
  /** As the apps connect. */
  readonly database: Database;
  /** Past the slow line. */
  readonly storage: Storage;
};

/** Of the environment of whoever starts us: our API has its own address, and signs its own tokens. */
const NOT_OURS = [
  "MIGRATE_DATABASE_URL",
  "PORT",
  "HOST",
  "JWT_JWKS_URI",
  "JWT_ISSUER",
  "JWT_AUDIENCE",
] as const;

/** Starts it; `lifetime` stops it. @throws StartError */
export async function startChaosStack(
  options: ChaosStackOptions,
  lifetime: Lifetime,
): Promise<ChaosStack> {
  const { home, signal, log } = options;
  prepareHome(home);
  const secrets = ensureSecrets(home);
  const stackEnv: StackEnv = { home, secrets, log, signal, onSpawn: () => undefined };
  const pieces = await startServices(options.environment, stackEnv, lifetime);
  signal.throwIfAborted();
  const settings = readEnvironment<SharedVariables>(sharedVariables, pieces);
  const store = storageConfig(settings);
  if (store?.endpoint === undefined || !store.endpoint.startsWith("http://")) {
    throw new StartError("S3_ENDPOINT must begin with http:// to be slowed down.");
  }

  const line = await createSlowProxy(store.endpoint);
  lifetime.onClose("slow line", line.close);
  const own = { ...pieces, JWT_SECRET: secrets.jwtSecret, LOG_LEVEL: "info" };
  const shared = omitVariables(own, ...NOT_OURS);
  const api = await superviseApi({ environment: shared, host: "127.0.0.1", port: 0 }, stackEnv);
  lifetime.onClose("API", api.stop);
  const address = `http://127.0.0.1:${String(api.first.ready["port"])}`;
  await waitUntilReady(address, signal);

  const tenantId = randomUUID();
  const token = signToken(secrets.jwtSecret, { tenant: tenantId, subject: "chaos" });
  const client = createClient({ address, token, signal });
  const today = new Date().toISOString().slice(0, 10);
  const { id: contextId } = await ensureDemoTenant(client, today, log);

  const database = createDatabase({
    url: settings.DATABASE_URL,
    poolSize: 2,
    applicationName: "docket-chaos",
    statementTimeoutMs: 30_000,
  });
  lifetime.onClose("database", database.close);
  const storage = createStorage(store);
  lifetime.onClose("storage", storage.close);

  const workers: WatchedWorker[] = [];
  lifetime.onClose("workers", async () => {
    await Promise.all(workers.map((each) => each.stop()));
  });
  const environment = { ...shared, S3_ENDPOINT: line.url };
  for (let number = 1; number <= options.workers; number += 1) {
    const path = join(homePaths.logs(home), `worker-${number}.log`);
    workers.push(await watchWorker(environment, path, stackEnv));
  }
  return { client, tenantId, contextId, workers, line, database, storage };
}
