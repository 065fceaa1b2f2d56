import { createHash, randomBytes, randomUUID } from "node:crypto";

import type { Storage, StorageConfig } from "@docket/platform/storage";
import { createSlowProxy, createTestDatabase, embeddedStorage, waitFor } from "@docket/testing";
import pg from "pg";

import {
  API_PROGRAM,
  type Child,
  type LogFile,
  signToken,
  startChild,
  WORKER_PROGRAM,
} from "@docket/stack";
import { createClient } from "@docket/client";

/** A job's row, as much of it as tests look at. */
export type JobRow = {
  readonly status: string;
  readonly claim: number;
  readonly attempts: number;
  readonly object_key: string | null;
  readonly sha256: string | null;
  readonly records_written: string;
  readonly records_expected: string | null;
  readonly bytes_written: string;
  readonly leased: boolean | null;
};

/** A worker process, and what it logs. */
export type WorkerProcess = Pick<Child, "pid" | "ended" | "stop"> & {
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly logged: (text: string) => boolean;
};

/** One transaction a minute from here on. */
const FIRST_DAY = "2026-01-01";

/** The stage's first day alone: 1 440 rows, a file that one request stores. */
export const ONE_DAY = { dateFrom: FIRST_DAY, dateTo: FIRST_DAY } as const;
/** All of it. */
export const ALL_DAYS = { dateFrom: FIRST_DAY, dateTo: "2026-12-31" } as const;

/**
 * The API and workers as the processes that they are in production, on a database, a queue and a bucket of the test's own, with a
 * slow line between workers and store.
 */
export async function createProcessStage({ rows }: { readonly rows: number }) {
  const [test, queue] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const { storage, config } = await embeddedStorage().create();
  const line = await createSlowProxy(config.endpoint!, { bufferBytes: 1_048_576 });
  const superuser = new pg.Client({ connectionString: test.superuserUrl });
  await superuser.connect();
  const secret = randomBytes(32).toString("hex");
  const shared = {
    DATABASE_URL: test.appUrl,
    QUEUE_URL: queue.ownerUrl,
    ...storeVariables(config),
  };
  const never = new AbortController().signal;
  const started: Child[] = [];

  const start = async (program: string, readyMessage: string, env: Record<string, string>) => {
    const lines: string[] = [];
    const log: LogFile = { path: "", write: (text) => lines.push(text), close: () => undefined };
    const environment = { ...shared, ...env };
    const options = { program, environment, readyMessage, log, onSpawn: () => undefined };
    const child = await startChild(options, never);
    started.push(child);
    return { child, lines };
  };

  const api = await start(API_PROGRAM, "listening", {
    JWT_SECRET: secret,
    HOST: "127.0.0.1",
    PORT: "0",
  });
  const address = `http://127.0.0.1:${String(api.child.ready["port"])}`;
  const tenantId = randomUUID();
  const token = signToken(secret, { tenant: tenantId, subject: "tester" });
  const client = createClient({ address, token });
  const { id: contextId } = await client.createContext("Bank against ledger");
  await addTransactions(superuser, { tenantId, contextId, rows });

  const job = async (id: string): Promise<JobRow> => {
    const found = await superuser.query<JobRow>(
      "SELECT *, lease_until > now() AS leased FROM export_jobs WHERE id = $1",
      [id],
    );
    return found.rows[0]!;
  };
  const counted = async (where: string): Promise<number> => {
    const found = await superuser.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND ${where}`,
    );
    return found.rows[0]!.count;
  };

  return {
    tenantId,
    contextId,
    client,
    token,
    /** The API's process. */
    apiPid: api.child.pid,
    queueUrl: queue.ownerUrl,
    storage,
    line,
    /** Sees everything. */
    superuser,
    /** Holds a job's row: whoever writes it waits. */
    hold: async (id: string): Promise<{ release: () => Promise<void> }> => {
      const holder = new pg.Client({ connectionString: test.superuserUrl });
      await holder.connect();
      await holder.query("BEGIN");
      await holder.query("SELECT FROM export_jobs WHERE id = $1 FOR UPDATE", [id]);
      return { release: () => holder.end() };
    },
    /** A worker behind the slow line, that looks after things twice a second. */
    startWorker: async (env: Record<string, string> = {}): Promise<WorkerProcess> => {
      const quick = { UPKEEP_INTERVAL_MS: "500", EXPORT_RETRY_BASE_MS: "100" };
      const worker = await start(WORKER_PROGRAM, "ready", {
        S3_ENDPOINT: line.url,
        ...quick,
        ...env,
      });
      const { pid, ended, stop } = worker.child;
      return {
        pid,
        ended,
        stop,
        signal: (signal) => void process.kill(pid, signal),
        logged: (text) => worker.lines.some((each) => each.includes(text)),
      };
    },
    /** For a worker that is not behind the slow line. */
    direct: { S3_ENDPOINT: config.endpoint! },
    order: async (days: typeof ONE_DAY | typeof ALL_DAYS, format = "CSV"): Promise<string> => {
      const request = { reportType: "UNMATCHED", format, ...days };
      return (await client.orderExport(contextId, request)).jobId;
    },
    /** As any client does; answers with the status and the problem's code, if there is one. */
    call: async (method: string, path: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${address}${path}`, { method, headers });
      const body = (await response.json()) as { status?: unknown; code?: string };
      return { status: response.status, body };
    },
    job,
    becomes: (id: string, status: string, timeoutMs = 30_000): Promise<JobRow> =>
      waitFor(
        async () => {
          const row = await job(id);
          return row.status === status && row;
        },
        { timeoutMs },
      ),
    /** COPY statements that the server is at work on. */
    activeCopies: () => counted("state = 'active' AND query LIKE 'COPY %'"),
    /** Sessions whose statement waits for a lock. */
    waiting: (statement: string) =>
      counted(`wait_event_type = 'Lock' AND query LIKE '%${statement}%'`),
    /** Objects and unfinished uploads. */
    stored: () => listed(storage),
    /** The file's SHA-256, by the link that the API gives. */
    digest: async (id: string): Promise<string> => {
      const { downloadUrl } = await client.download(id);
      const bytes = Buffer.from(await (await fetch(downloadUrl)).arrayBuffer());
      return createHash("sha256").update(bytes).digest("hex");
    },
    close: async (): Promise<void> => {
      // Also those that are stopped or wait for a line: nobody needs their farewell.
      for (const { pid } of started) killed(pid);
      await Promise.all(started.map(({ ended }) => ended));
      await superuser.end();
      await line.close();
      await storage.close();
      await Promise.all([test.drop(), queue.drop()]);
    },
  };
}

/** The `S3_*` variables for a store. */
export const storeVariables = (config: StorageConfig) => ({
  S3_ENDPOINT: config.endpoint,
  S3_REGION: config.region,
  S3_BUCKET: config.bucket,
  S3_ACCESS_KEY_ID: config.accessKeyId,
  S3_SECRET_ACCESS_KEY: config.secretAccessKey,
  S3_FORCE_PATH_STYLE: "true",
});

export type ProcessStage = Awaited<ReturnType<typeof createProcessStage>>;

function killed(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

async function listed(storage: Storage): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of storage.list("")) found.push(key);
  for await (const { key } of storage.listUploads("")) found.push(`${key} (unfinished)`);
  return found;
}

async function addTransactions(
  superuser: pg.Client,
  scene: { readonly tenantId: string; readonly contextId: string; readonly rows: number },
): Promise<void> {
  const { rows: sources } = await superuser.query<{ id: string }>(
    "INSERT INTO sources (tenant_id, context_id, name, type, side) VALUES ($1, $2, 'Bank', 'BANK', 'LEFT') RETURNING id",
    [scene.tenantId, scene.contextId],
  );
  await superuser.query(
    `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
     SELECT $1, $2, $3, 'T' || n, n, 'EUR', $4::timestamptz + n * interval '1 minute' FROM generate_series(0, $5::int - 1) n`,
    [scene.tenantId, scene.contextId, sources[0]!.id, `${FIRST_DAY}Z`, scene.rows],
  );
  await superuser.query("ANALYZE transactions");
}
