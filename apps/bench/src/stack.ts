import { rm } from "node:fs/promises";

import { createDocket, type Docket } from "@docket/client";
import type { EmbeddedPostgres } from "@docket/embedded-postgres";
import { migrate } from "@docket/migrations";
import type { Lifetime } from "@docket/platform";
import { createDatabase, type Database } from "@docket/platform/database";
import { createStorage, type Storage } from "@docket/platform/storage";
import {
  API_PROGRAM,
  createTemporaryHome,
  ensureAppLogin,
  ensureQueueDatabase,
  ensureSecrets,
  prepareHome,
  signToken,
  superviseObjectStore,
  supervisePostgres,
  WORKER_NODE_FLAGS,
  WORKER_PROGRAM,
  type Child,
  type Environment,
  type StackEnv,
} from "@docket/stack";

import type { BenchmarkRun } from "./benchmark.ts";
import { createLauncher, type Launcher, type Server } from "./processes.ts";
import { TENANT } from "./tenant.ts";

/** The services that a benchmark runs on. The run's lifetime stops all of them. */
export type BenchStack = {
  readonly postgres: EmbeddedPostgres;
  /** Connects as the login of the API and the worker. */
  readonly databaseUrl: string;
  readonly queueUrl: string;
  /** The `S3_*` variables. */
  readonly storage: Environment;
  readonly jwtSecret: string;
  /** A token of the benchmarks' tenant with every permission. */
  readonly token: string;
  /** Starts a worker process that runs one export at a time; `settings` override its environment. */
  readonly startWorker: (settings?: Environment) => Promise<Child>;
  /** Starts an API process without rate limits; `settings` override its environment. */
  readonly startApi: (settings?: Environment) => Promise<BenchApi>;
  readonly startServer: Launcher["startServer"];
};

export type BenchApi = Server & { readonly client: Docket };

/** External services (`QUEUE_URL`, `S3_*`) that replace the embedded ones. */
export type ExternalServices = {
  readonly queueUrl?: string | undefined;
  readonly storage?: Environment | undefined;
};

/** The limits would distort the measurement. */
const NO_LIMITS = {
  RATE_LIMIT_PER_MINUTE: "0",
  EXPORT_RATE_LIMIT_PER_MINUTE: "0",
  EXPORT_MAX_ACTIVE_PER_TENANT: "0",
};

/** Starts and migrates Postgres and starts the object store, all in a temporary directory. */
export async function startBenchStack(
  run: Pick<BenchmarkRun, "lifetime" | "print" | "signal">,
  external: ExternalServices = {},
): Promise<BenchStack> {
  const { lifetime, signal } = run;
  const stackEnv = await createStackEnv(run);
  const { secrets } = stackEnv;
  const postgres = await startPostgres(stackEnv, lifetime);
  const storage = external.storage ?? (await startObjectStore(stackEnv, lifetime));
  await migrate(postgres.ownerUrl);
  const databaseUrl = await ensureAppLogin(postgres, secrets);
  const queueUrl = external.queueUrl ?? (await ensureQueueDatabase(postgres, secrets));
  const token = signToken(secrets.jwtSecret, { tenant: TENANT, subject: "bench" });

  const shared = { ...storage, DATABASE_URL: databaseUrl, QUEUE_URL: queueUrl };
  const { startProcess, startServer } = createLauncher(stackEnv, lifetime);
  return {
    postgres,
    databaseUrl,
    queueUrl,
    storage,
    jwtSecret: secrets.jwtSecret,
    token,
    startServer,
    startWorker: (settings = {}) =>
      startProcess("worker", {
        program: WORKER_PROGRAM,
        nodeFlags: WORKER_NODE_FLAGS,
        environment: { ...shared, EXPORT_CONCURRENCY: "1", ...settings },
        readyMessage: "ready",
      }),
    startApi: async (settings = {}) => {
      const environment = { ...shared, JWT_SECRET: secrets.jwtSecret, ...NO_LIMITS, ...settings };
      const api = await startServer("api", API_PROGRAM, environment);
      return { ...api, client: createDocket({ baseUrl: api.address, token, signal }) };
    },
  };
}

async function createStackEnv({
  lifetime,
  print,
  signal,
}: Pick<BenchmarkRun, "lifetime" | "print" | "signal">): Promise<StackEnv> {
  const home = await createTemporaryHome("bench");
  lifetime.onClose("directory", () => rm(home, { recursive: true, force: true }));
  prepareHome(home);
  return { home, secrets: ensureSecrets(home), log: print, signal, onSpawn: () => undefined };
}

async function startPostgres(stackEnv: StackEnv, lifetime: Lifetime): Promise<EmbeddedPostgres> {
  const supervised = await supervisePostgres(stackEnv);
  const { postgres } = supervised.first;
  // If root starts the stack, the data of Postgres may be outside the home directory.
  lifetime.onClose("data", () => rm(postgres.directory, { recursive: true, force: true }));
  lifetime.onClose("Postgres", supervised.stop);
  return postgres;
}

async function startObjectStore(stackEnv: StackEnv, lifetime: Lifetime): Promise<Environment> {
  const { supervised, settings } = await superviseObjectStore(stackEnv);
  lifetime.onClose("object store", supervised.stop);
  return settings;
}

/** Connects as the superuser, for work that is not part of a measurement. The caller closes it. */
export const openSuperuser = ({ postgres }: BenchStack): Database =>
  createDatabase({
    url: postgres.superuserUrl,
    poolSize: 1,
    applicationName: "docket-bench",
    statementTimeoutMs: 0,
  });

/** Opens the stack's bucket. The caller closes it. */
export const openStorage = ({ storage }: BenchStack): Storage =>
  createStorage({
    endpoint: storage["S3_ENDPOINT"],
    region: storage["S3_REGION"]!,
    bucket: storage["S3_BUCKET"]!,
    accessKeyId: storage["S3_ACCESS_KEY_ID"],
    secretAccessKey: storage["S3_SECRET_ACCESS_KEY"],
  });
