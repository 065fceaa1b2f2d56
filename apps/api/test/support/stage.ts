import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createLifetime, createLogger, type Lifetime } from "@docket/platform";
import type { Storage, StorageConfig } from "@docket/platform/storage";
import {
  createFaultProxy,
  createTestDatabase,
  embeddedStorage,
  type FaultProxy,
  type StorageTarget,
  type TestDatabase,
} from "@docket/testing";
import { createHttpServer } from "../../src/http/server.ts";
import { createContext, type ApiConfig, type ApiContext } from "../../src/index.ts";
import { createCaller, type Caller } from "./caller.ts";
import { createCheckedApp } from "./checked-app.ts";
import { SECRET, type Claims } from "./tokens.ts";

/** A listening API with a database and a bucket of its own. */
export type Stage = {
  readonly app: RequestListener;
  readonly port: number;
  readonly context: ApiContext;
  readonly testDatabase: TestDatabase;
  /** The API's bucket, without the proxy. */
  readonly storage: Storage;
  /** Makes the object storage unavailable to the API. */
  readonly storageProxy: FaultProxy;
  /** A caller with all permissions, of a new tenant unless `claims` says otherwise. */
  readonly caller: (claims?: Claims) => Caller;
  readonly close: () => Promise<unknown>;
};

/** @param changes overrides the configuration, for instance with the address of a proxy. */
export async function createStage(
  changes: Partial<ApiConfig> = {},
  target: StorageTarget = embeddedStorage(),
): Promise<Stage> {
  const logger = createLogger("test", changes.logLevel ?? "silent");
  const lifetime = createLifetime(logger);
  const testDatabase = await createTestDatabase();
  lifetime.onClose("test database", testDatabase.drop);
  const { storage, storageProxy, storageConfig } = await openStorage(target, lifetime);
  const config: ApiConfig = {
    databaseUrl: testDatabase.appUrl,
    poolSize: 5,
    queueUrl: testDatabase.ownerUrl,
    storage: storageConfig,
    webhooks: { secretsKeys: [Buffer.alloc(32, 1)], allowedNetworks: [] },
    logLevel: "silent",
    port: 0,
    token: { keys: { secret: SECRET } },
    corsOrigins: [],
    exportMaxSpanDays: 365,
    exportUrlTtlSeconds: 900,
    exportMaxActivePerTenant: 100,
    // Test suites would exceed any limit.
    perMinute: { all: 0, exports: 0 },
    ...changes,
  };
  const context = createContext(config, logger, lifetime);
  await context.role.attempted.catch(async (error: unknown) => {
    await lifetime.close();
    throw error;
  });
  const app = createCheckedApp(context);
  const port = await listen(app, lifetime);
  const caller = (claims?: Claims) => createCaller(app, claims);
  const { close } = lifetime;
  return { app, port, context, testDatabase, storage, storageProxy, caller, close };
}

async function openStorage(
  target: StorageTarget,
  lifetime: Lifetime,
): Promise<Pick<Stage, "storage" | "storageProxy"> & { storageConfig: StorageConfig }> {
  const { storage, config } = await target.create();
  lifetime.onClose("test storage", storage.close);
  const storageProxy = await createFaultProxy(config.endpoint ?? "");
  lifetime.onClose("storage proxy", storageProxy.close);
  const storageConfig: StorageConfig = {
    ...config,
    endpoint: storageProxy.through(config.endpoint ?? ""),
    publicEndpoint: config.endpoint,
    // No variable sets it. An unavailable storage fails sooner.
    timeoutMs: 6_000,
  };
  return { storage, storageProxy, storageConfig };
}

/** Not the API's own `listen`, which on close lets requests in flight finish. */
async function listen(app: RequestListener, lifetime: Lifetime): Promise<number> {
  const server = createHttpServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  lifetime.onClose("server", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
