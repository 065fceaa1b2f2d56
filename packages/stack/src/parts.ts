import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { createDatabase, createLogin } from "@docket/platform/database";

import { startChild, type Child } from "./child-process.ts";
import { startPostgres, type EmbeddedPostgres } from "@docket/embedded-postgres";
import { inHome, type Secrets } from "./home.ts";
import { openLogFile, type LogFile } from "./log-file.ts";
import { OBJECT_STORE_PROGRAM } from "./paths.ts";
import { supervise, type Running, type Supervised } from "./supervisor.ts";

/** What every piece of a stack is started with. */
export type Surroundings = {
  readonly home: string;
  readonly secrets: Secrets;
  /** What the person at the terminal should know. */
  readonly log: (line: string) => void;
  readonly onSpawn: (pid: number) => void;
  readonly signal: AbortSignal;
};

/** The log file of one process of the stack. */
export const logOf = (home: string, name: string): LogFile =>
  openLogFile(join(inHome.logs(home), `${name}.log`));

/** Keeps the embedded Postgres running; when it is started again it gets the same port. */
export async function supervisePostgres(
  around: Surroundings,
): Promise<Supervised<Running & { readonly postgres: EmbeddedPostgres }>> {
  const file = logOf(around.home, "postgres");
  let port: number | undefined;
  const start = async () => {
    const postgres = await startWhenReaped(() =>
      startPostgres({
        directory: inHome.postgres(around.home),
        log: file.write,
        ...(port !== undefined && { port }),
      }),
    );
    port = postgres.port;
    const ended = postgres.ended.then(() => "see postgres.log");
    return { postgres, ended, stop: postgres.close };
  };
  return supervise({ name: "Postgres", start, log: around.log }, around.signal);
}

const REAPED_WITHIN_MS = 10_000;

/**
 * After `kill -9` of everything the old postmaster is a zombie until init has heard of it, and for as long a new one
 * takes it for alive.
 */
async function startWhenReaped<T>(start: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + REAPED_WITHIN_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const passing = String(error).includes('lock file "postmaster.pid" already exists');
      if (!passing || performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

const APP_LOGIN = "docket_local";
const QUEUE_LOGIN = "docket_queue";
const QUEUE_DATABASE = "docket_queue";

/** The login of the API and the worker, made after the migrations; returns its URL. */
export async function ensureAppLogin(postgres: EmbeddedPostgres, secrets: Secrets) {
  const login = { name: APP_LOGIN, password: secrets.databasePassword };
  await createLogin(postgres.ownerUrl, login.name, login.password);
  return postgres.url("docket", login);
}

/** The queue's own database, whose owner can reach nothing else: BullMQ makes its schema there itself. Returns its URL. */
export async function ensureQueueDatabase(postgres: EmbeddedPostgres, secrets: Secrets) {
  const login = { name: QUEUE_LOGIN, password: secrets.queuePassword };
  const owner = createDatabase({
    url: postgres.ownerUrl,
    poolSize: 1,
    applicationName: "docket-local",
    statementTimeoutMs: 30_000,
  });
  // Names and a password of ours, in hex: nothing to escape, and DDL takes no parameters.
  const exists = async (question: string): Promise<boolean> =>
    (await owner.pool.query(question)).rowCount === 1;
  try {
    const known = await exists(`SELECT FROM pg_roles WHERE rolname = '${login.name}'`);
    await owner.pool.query(
      `${known ? "ALTER" : "CREATE"} ROLE ${login.name} LOGIN PASSWORD '${login.password}'`,
    );
    if (!(await exists(`SELECT FROM pg_database WHERE datname = '${QUEUE_DATABASE}'`))) {
      // Only a member of a role may give a database to it.
      await owner.pool.query(`GRANT ${login.name} TO CURRENT_USER`);
      await owner.pool.query(`CREATE DATABASE ${QUEUE_DATABASE} OWNER ${login.name}`);
    }
  } finally {
    await owner.close();
  }
  return postgres.url(QUEUE_DATABASE, login);
}

const REGION = "us-east-1";
const BUCKET = "docket";
/** Requests under way are cut off: what was not answered was not stored. */
const STORE_STOP_MS = 1_000;

/** Keeps the embedded object store running, on one port, with its bucket; `settings` are the `S3_*` variables for it. */
export async function superviseObjectStore(around: Surroundings): Promise<{
  readonly supervised: Supervised<Child>;
  readonly settings: Readonly<Record<string, string>>;
}> {
  const { home, secrets, signal } = around;
  const log = logOf(home, "object-store");
  let port = "0";
  const start = async (stopped: AbortSignal): Promise<Child> => {
    const child = await startChild(
      {
        program: OBJECT_STORE_PROGRAM,
        args: ["--home", home, "--port", port, "--region", REGION, "--bucket", BUCKET],
        environment: {},
        readyMessage: "listening",
        log,
        onSpawn: around.onSpawn,
        stopWithinMs: STORE_STOP_MS,
      },
      stopped,
    );
    port = String(child.ready["port"]);
    return child;
  };
  const supervised = await supervise({ name: "The object store", start, log: around.log }, signal);
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    supervised,
    settings: {
      S3_ENDPOINT: endpoint,
      S3_REGION: REGION,
      S3_BUCKET: BUCKET,
      S3_ACCESS_KEY_ID: secrets.s3AccessKeyId,
      S3_SECRET_ACCESS_KEY: secrets.s3SecretAccessKey,
      S3_FORCE_PATH_STYLE: "true",
    },
  };
}
