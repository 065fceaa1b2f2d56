import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { createDocket, type Docket } from "@docket/client";
import { ensureDemoTenant } from "@docket/demo-data";
import {
  readEnvironment,
  sharedVariables,
  storageConfig,
  type Lifetime,
  type SharedVariables,
} from "@docket/platform";
import { createDatabase, type Database } from "@docket/platform/database";
import { createStorage, type Storage, type StorageConfig } from "@docket/platform/storage";
import {
  homePaths,
  signToken,
  StartError,
  startTemporaryStack,
  type Environment,
  type StackEnv,
  type TemporaryStackOptions,
} from "@docket/stack";
import { createSlowProxy, type SlowProxy } from "@docket/testing";

import { watchWorker, type WatchedWorker } from "./watched-worker.ts";

export type ChaosStackOptions = Omit<TemporaryStackOptions, "settings"> & {
  readonly workers: number;
};

/** An API, workers that can be killed one by one, and a throttled proxy between the workers and the store. */
export type ChaosStack = {
  readonly client: Docket;
  /** A new tenant with the demo's records. */
  readonly tenantId: string;
  readonly contextId: string;
  readonly workers: readonly WatchedWorker[];
  readonly storeProxy: SlowProxy;
  /** Connects as the login of the API and the worker. */
  readonly database: Database;
  /** Bypasses the proxy. */
  readonly storage: Storage;
};

/** Starts the stack; `lifetime` stops it. @throws StartError */
export async function startChaosStack(
  options: ChaosStackOptions,
  lifetime: Lifetime,
): Promise<ChaosStack> {
  const { stackEnv, environment, address } = await startTemporaryStack(options, lifetime);
  const variables = readEnvironment<SharedVariables>(sharedVariables, environment);
  const store = plainHttpStore(variables);
  const storeProxy = await createSlowProxy(store.endpoint);
  lifetime.onClose("store proxy", storeProxy.close);

  const tenantId = randomUUID();
  const token = signToken(stackEnv.secrets.jwtSecret, { tenant: tenantId, subject: "chaos" });
  const client = createDocket({ baseUrl: address, token, signal: options.signal });
  const today = new Date().toISOString().slice(0, 10);
  const { id: contextId } = await ensureDemoTenant(client, today, stackEnv.log);

  const { database, storage } = openServices(variables.DATABASE_URL, store, lifetime);
  const workerSettings = { ...environment, S3_ENDPOINT: storeProxy.url };
  const watched = await startWorkers(options.workers, workerSettings, stackEnv, lifetime);
  return { client, tenantId, contextId, workers: watched, storeProxy, database, storage };
}

/** The store's configuration. @throws StartError unless the proxy can forward to it */
function plainHttpStore(variables: SharedVariables): StorageConfig & { readonly endpoint: string } {
  const config = storageConfig(variables);
  const endpoint = config?.endpoint;
  if (config === undefined || !endpoint?.startsWith("http://")) {
    throw new StartError("S3_ENDPOINT must start with http://, because the run throttles it.");
  }
  return { ...config, endpoint };
}

function openServices(
  databaseUrl: string,
  store: StorageConfig,
  lifetime: Lifetime,
): Pick<ChaosStack, "database" | "storage"> {
  const database = createDatabase({
    url: databaseUrl,
    poolSize: 2,
    applicationName: "docket-chaos",
    statementTimeoutMs: 30_000,
  });
  lifetime.onClose("database", database.close);
  const storage = createStorage(store);
  lifetime.onClose("storage", storage.close);
  return { database, storage };
}

/** Starts workers, each with a log of its own; `lifetime` stops them. */
export async function startWorkers(
  count: number,
  environment: Environment,
  stackEnv: StackEnv,
  lifetime: Lifetime,
): Promise<readonly WatchedWorker[]> {
  const workers: WatchedWorker[] = [];
  lifetime.onClose("workers", async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
  });
  for (let number = 1; number <= count; number += 1) {
    const log = join(homePaths.logs(stackEnv.home), `worker-${number}.log`);
    workers.push(await watchWorker(environment, log, stackEnv));
  }
  return workers;
}
