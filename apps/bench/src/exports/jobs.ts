import { setTimeout as sleep } from "node:timers/promises";

import { createLogger } from "@docket/platform";
import { createDatabase, type Database } from "@docket/platform/database";
import { createExportQueue } from "@docket/platform/queue";

import type { BenchmarkRun } from "../benchmark.ts";
import { openStorage, type BenchStack } from "../stack.ts";
import { TENANT } from "../tenant.ts";
import type { ExportKind } from "./kind.ts";
import type { SeededContext } from "./seed.ts";

/** Creates and enqueues exports without the API. Call its functions as the benchmarks' tenant. */
export type ExportJobs = {
  readonly pool: Database["pool"];
  /** Resolves with the ID of the job. */
  readonly start: (kind: ExportKind, context: SeededContext) => Promise<string>;
  /** Waits for SUCCEEDED, and deletes the file. @throws Error when the export fails. */
  readonly finish: (jobId: string) => Promise<FinishedJob>;
};

export type FinishedJob = {
  /** From RUNNING to SUCCEEDED, by the database's clock. */
  readonly seconds: number;
  readonly rows: number;
  readonly bytes: number;
};

const POLL_INTERVAL_MS = 100;

export function openExportJobs(
  stack: BenchStack,
  { lifetime, signal }: Pick<BenchmarkRun, "lifetime" | "signal">,
): ExportJobs {
  const database = createDatabase({
    url: stack.databaseUrl,
    poolSize: 2,
    applicationName: "docket-bench",
    statementTimeoutMs: 30_000,
  });
  lifetime.onClose("database", database.close);
  const logger = createLogger("docket-bench", "error");
  const queue = createExportQueue({ url: stack.queueUrl, logger });
  lifetime.onClose("queue", queue.close);
  const storage = openStorage(stack);
  lifetime.onClose("storage", storage.close);
  return {
    pool: database.pool,
    start: async (kind, context) => {
      const jobId = await insertJob(database, kind, context);
      await queue.add({ tenantId: TENANT, jobId }, { claim: 0 });
      return jobId;
    },
    finish: async (jobId) => {
      const { object_key: key, ...job } = await finishedJob(database, jobId, signal);
      // Frees the disk for the next export.
      await storage.delete(key);
      return job;
    },
  };
}

async function insertJob(
  { pool }: Database,
  { report, format, compression }: ExportKind,
  { contextId, dateFrom, dateTo }: SeededContext,
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, compression, requested_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'bench') RETURNING id`,
    [TENANT, contextId, report, format, dateFrom, dateTo, compression],
  );
  return rows[0]!.id;
}

type JobRow = {
  readonly status: string;
  readonly error_code: string | null;
  readonly seconds: number;
  readonly rows: number;
  readonly bytes: number;
  readonly object_key: string;
};

const SELECT_JOB = `
  SELECT status, error_code, object_key, records_written::float8 AS rows, bytes_written::float8 AS bytes,
    extract(epoch FROM finished_at - started_at)::float8 AS seconds
  FROM export_jobs WHERE id = $1`;

async function finishedJob(
  { pool }: Database,
  jobId: string,
  signal: AbortSignal,
): Promise<JobRow> {
  for (;;) {
    const { rows } = await pool.query<JobRow>(SELECT_JOB, [jobId]);
    const [job] = rows;
    if (job?.status === "SUCCEEDED") return job;
    if (job?.error_code) throw new Error(`The export failed: ${job.error_code}`);
    await sleep(POLL_INTERVAL_MS, undefined, { signal });
  }
}
