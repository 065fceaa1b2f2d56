import { randomBytes, randomUUID } from "node:crypto";

import { createDocket } from "@docket/client";
import { API_PROGRAM, signToken, WORKER_PROGRAM, type Child } from "@docket/stack";
import { createSlowProxy, createTestDatabase, embeddedStorage, waitFor } from "@docket/testing";
import pg from "pg";

import { createCaller } from "./api-calls.ts";
import { startApp, type AppOptions, type AppProcess } from "./app-process.ts";
import { listStored, storeVariables } from "./store.ts";

/** The columns of a job's row that tests look at. */
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

export type WorkerProcess = Pick<AppProcess, "pid" | "ended" | "stop"> & {
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly hasLogged: (message: string) => boolean;
};

/** The transactions start here, one per minute. */
const FIRST_DAY = "2026-01-01";

/** The first day: 1,440 rows, a file that is uploaded in a single request. */
export const ONE_DAY = { dateFrom: FIRST_DAY, dateTo: FIRST_DAY } as const;
/** All transactions. */
export const ALL_DAYS = { dateFrom: FIRST_DAY, dateTo: "2026-12-31" } as const;

export type ProcessStage = Awaited<ReturnType<typeof createProcessStage>>;

/**
 * Starts the API and, on request, workers as the processes that run in production. Each stage has a database, a queue and
 * a bucket of its own, and a throttled proxy between the workers and the store.
 */
export async function createProcessStage({ rows }: { readonly rows: number }) {
  const [database, queue] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const { storage, config } = await embeddedStorage().create();
  const storeProxy = await createSlowProxy(config.endpoint!, { bufferBytes: 1_048_576 });
  const superuser = new pg.Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  const shared = {
    DATABASE_URL: database.appUrl,
    QUEUE_URL: queue.ownerUrl,
    ...storeVariables(config),
  };
  const processes: Child[] = [];
  const start = async (options: AppOptions): Promise<AppProcess> => {
    const environment = { ...shared, ...options.environment };
    const started = await startApp({ ...options, environment });
    processes.push(started);
    return started;
  };

  const secret = randomBytes(32).toString("hex");
  const api = await start({
    program: API_PROGRAM,
    readyMessage: "listening",
    environment: { JWT_SECRET: secret, HOST: "127.0.0.1", PORT: "0" },
  });
  const address = `http://127.0.0.1:${String(api.ready["port"])}`;
  const tenantId = randomUUID();
  const token = signToken(secret, { tenant: tenantId, subject: "tester" });
  const client = createDocket({ baseUrl: address, token });
  const { id: contextId } = await client.contexts.create({ name: "Bank against ledger" });
  await addTransactions(superuser, { tenantId, contextId, rows });

  return {
    tenantId,
    contextId,
    client,
    queueUrl: queue.ownerUrl,
    storeProxy,
    superuser,
    ...createObservers(superuser),
    call: createCaller(address, token),
    /** Locks a job's row, so that every write to it waits until `release`. */
    lockRow: (id: string) => lock(database.superuserUrl, "export_jobs WHERE id = $1", id),
    /** Locks the row of a job's file, and leaves the job alone. */
    lockFile: (id: string) =>
      lock(database.superuserUrl, "stored_objects WHERE owner = 'export_job:' || $1::text", id),
    /** Starts a worker behind the proxy that runs its upkeep twice a second. */
    startWorker: async (environment: Record<string, string> = {}): Promise<WorkerProcess> => {
      const frequent = { UPKEEP_INTERVAL_MS: "500", EXPORT_RETRY_BASE_MS: "100" };
      const { pid, ended, stop, log } = await start({
        program: WORKER_PROGRAM,
        readyMessage: "ready",
        environment: { S3_ENDPOINT: storeProxy.url, ...frequent, ...environment },
      });
      return {
        pid,
        ended,
        stop,
        signal: (signal) => void process.kill(pid, signal),
        hasLogged: (message) => log.some(({ msg }) => msg === message),
      };
    },
    /** The environment of a worker that bypasses the proxy. */
    withoutProxy: { S3_ENDPOINT: config.endpoint! },
    createExport: async (
      days: typeof ONE_DAY | typeof ALL_DAYS,
      format = "CSV",
    ): Promise<string> => {
      const request = { reportType: "UNMATCHED", format, ...days };
      return (await client.exportJobs.create(contextId, request)).jobId;
    },
    listStored: () => listStored(storage),
    /** Downloads a job's file and returns its SHA-256. */
    digestOf: async (id: string): Promise<string> => {
      const { sha256, stream } = await client.exportJobs.download(id);
      // Reading fails when the bytes have another digest.
      await stream.pipeTo(new WritableStream());
      return sha256;
    },
    close: async (): Promise<void> => {
      // SIGKILL also ends processes that are stopped or wait for the proxy.
      for (const { pid } of processes) kill(pid);
      await Promise.all(processes.map(({ ended }) => ended));
      await superuser.end();
      await storeProxy.close();
      await storage.close();
      await Promise.all([database.drop(), queue.drop()]);
    },
  };
}

/** Queries that look at the database as a superuser. */
function createObservers(superuser: pg.Client) {
  const readJob = async (id: string): Promise<JobRow> => {
    const { rows } = await superuser.query<JobRow>(
      "SELECT *, lease_until > now() AS leased FROM export_jobs WHERE id = $1",
      [id],
    );
    return rows[0]!;
  };
  const countSessions = async (condition: string): Promise<number> => {
    const { rows } = await superuser.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND ${condition}`,
    );
    return rows[0]!.count;
  };
  return {
    readJob,
    waitForStatus: (id: string, status: string, timeoutMs = 30_000): Promise<JobRow> =>
      waitFor(
        async () => {
          const job = await readJob(id);
          return job.status === status && job;
        },
        { timeoutMs },
      ),
    countRunningCopies: () => countSessions("state = 'active' AND query LIKE 'COPY %'"),
    /** Counts the sessions whose statement contains `text` and waits for a lock. */
    countLockWaits: (text: string) =>
      countSessions(`wait_event_type = 'Lock' AND query LIKE '%${text}%'`),
  };
}

async function lock(
  superuserUrl: string,
  rows: string,
  jobId: string,
): Promise<{ readonly release: () => Promise<void> }> {
  const holder = new pg.Client({ connectionString: superuserUrl });
  await holder.connect();
  await holder.query("BEGIN");
  await holder.query(`SELECT FROM ${rows} FOR UPDATE`, [jobId]);
  return { release: () => holder.end() };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has already ended.
  }
}

async function addTransactions(
  superuser: pg.Client,
  options: { readonly tenantId: string; readonly contextId: string; readonly rows: number },
): Promise<void> {
  const { tenantId, contextId, rows } = options;
  const { rows: sources } = await superuser.query<{ id: string }>(
    "INSERT INTO sources (tenant_id, context_id, name, type, side) VALUES ($1, $2, 'Bank', 'BANK', 'LEFT') RETURNING id",
    [tenantId, contextId],
  );
  await superuser.query(
    `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
     SELECT $1, $2, $3, 'T' || n, n, 'EUR', $4::timestamptz + n * interval '1 minute' FROM generate_series(0, $5::int - 1) n`,
    [tenantId, contextId, sources[0]!.id, `${FIRST_DAY}Z`, rows],
  );
  await superuser.query("ANALYZE transactions");
}
