import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Lifetime } from "@docket/platform";
import { createDatabase, type Database } from "@docket/platform/database";

import {
  API_PROGRAM,
  type Child,
  type ChildOptions,
  ensureAppLogin,
  ensureQueueDatabase,
  ensureSecrets,
  type Environment,
  openProcessLog,
  prepareHome,
  signToken,
  startChild,
  superviseObjectStore,
  supervisePostgres,
  type StackEnv,
  WORKER_NODE_FLAGS,
  WORKER_PROGRAM,
} from "@docket/stack";
import { migrate } from "@docket/migrations";
import { createClient, type Client } from "@docket/client";
import type { EmbeddedPostgres } from "@docket/embedded-postgres";
import { TENANT } from "./seed.ts";

/** What a benchmark runs on: nothing of it outlives the lifetime. */
export type BenchStack = {
  readonly postgres: EmbeddedPostgres;
  /** As the apps connect. */
  readonly databaseUrl: string;
  readonly queueUrl: string;
  readonly storage: Environment;
  /** What the API checks tokens with. */
  readonly jwtSecret: string;
  /** Of the benchmarks' tenant, with every permission. */
  readonly token: string;
  /** A worker process of its own that runs one export at a time. */
  readonly startWorker: () => Promise<Child>;
  /** An API process of its own without limits on the number of requests; `settings` come on top. */
  readonly startApi: (settings?: Environment) => Promise<BenchApi>;
  /** Another program as a process of its own, once it has said "listening". */
  readonly startServer: (name: string, program: string, settings: Environment) => Promise<Server>;
};

/** A server on this machine. */
export type Server = Child & { readonly address: string };

export type BenchApi = Server & { readonly client: Client };

/** A queue or a store that is there already (`QUEUE_URL`, `S3_*`), to be used in place of the embedded one. */
export type Given = { readonly queueUrl?: string | undefined; readonly storage?: Environment };

/** Starts Postgres, migrates it, and starts the object store as a process of its own, all in a temporary directory. */
export async function startBenchStack(
  lifetime: Lifetime,
  log: (line: string) => void,
  signal: AbortSignal,
  given: Given = {},
): Promise<BenchStack> {
  const home = await mkdtemp(join(tmpdir(), "docket-bench-"));
  // Postgres may have to run as another user, who must be able to pass through.
  await chmod(home, 0o711);
  lifetime.onClose("directory", () => rm(home, { recursive: true, force: true }));
  prepareHome(home);
  const secrets = ensureSecrets(home);
  const stackEnv: StackEnv = { home, secrets, log, signal, onSpawn: () => undefined };

  const supervised = await supervisePostgres(stackEnv);
  const { postgres } = supervised.first;
  // It may have had to go to another place than was asked for.
  lifetime.onClose("data", () => rm(postgres.directory, { recursive: true, force: true }));
  lifetime.onClose("Postgres", supervised.stop);
  const storage = given.storage ?? (await startStore(stackEnv, lifetime));
  await migrate(postgres.ownerUrl);
  const databaseUrl = await ensureAppLogin(postgres, secrets);
  const queueUrl = given.queueUrl ?? (await ensureQueueDatabase(postgres, secrets));
  const token = signToken(secrets.jwtSecret, { tenant: TENANT, subject: "bench" });
  const shared = { ...storage, DATABASE_URL: databaseUrl, QUEUE_URL: queueUrl };

  const start = async (
    name: string,
    options: Pick<ChildOptions, "program" | "nodeFlags" | "environment" | "readyMessage">,
  ): Promise<Child> => {
    const file = openProcessLog(home, name);
    const child = await startChild({ ...options, log: file, onSpawn: stackEnv.onSpawn }, signal);
    const stop = async (): Promise<void> => {
      await child.stop();
      file.close();
    };
    // Stopping twice does no harm.
    lifetime.onClose(name, child.stop);
    return { ...child, stop };
  };
  const startServer: BenchStack["startServer"] = async (name, program, settings) => {
    const environment = { ...settings, HOST: "127.0.0.1", PORT: "0" };
    const child = await start(name, { program, environment, readyMessage: "listening" });
    return { ...child, address: `http://127.0.0.1:${String(child.ready["port"])}` };
  };
  return {
    postgres,
    databaseUrl,
    queueUrl,
    storage,
    jwtSecret: secrets.jwtSecret,
    token,
    startServer,
    startWorker: () => {
      const environment = { ...shared, EXPORT_CONCURRENCY: "1" };
      const program = { program: WORKER_PROGRAM, nodeFlags: WORKER_NODE_FLAGS };
      return start("worker", { ...program, environment, readyMessage: "ready" });
    },
    startApi: async (settings = {}) => {
      const environment = { ...shared, JWT_SECRET: secrets.jwtSecret, ...NO_LIMITS, ...settings };
      const api = await startServer("api", API_PROGRAM, environment);
      return { ...api, client: createClient({ address: api.address, token, signal }) };
    },
  };
}

/** Does `work` as the superuser of the stack's Postgres: filling and emptying tables is no part of what is measured. */
export async function asSuperuser<T>(
  { postgres }: BenchStack,
  work: (superuser: Database) => Promise<T>,
): Promise<T> {
  const superuser = createDatabase({
    url: postgres.superuserUrl,
    poolSize: 1,
    applicationName: "docket-bench",
    statementTimeoutMs: 0,
  });
  try {
    return await work(superuser);
  } finally {
    await superuser.close();
  }
}

/** Limits are there to be run into, and not to be measured. */
const NO_LIMITS = {
  RATE_LIMIT_PER_MINUTE: "0",
  EXPORT_RATE_LIMIT_PER_MINUTE: "0",
  EXPORT_MAX_ACTIVE_PER_TENANT: "0",
};

async function startStore(stackEnv: StackEnv, lifetime: Lifetime): Promise<Environment> {
  const store = await superviseObjectStore(stackEnv);
  lifetime.onClose("object store", store.supervised.stop);
  return store.settings;
}
