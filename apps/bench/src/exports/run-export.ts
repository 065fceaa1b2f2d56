import { setTimeout as sleep } from "node:timers/promises";

import { createLogger } from "@docket/platform";
import { createDatabase, withTenant, type Database } from "@docket/platform/database";
import { createExportQueue } from "@docket/platform/queue";
import { processTreeCpuSeconds, processUsage, resetPeakMemory } from "@docket/testing";

import type { BenchmarkRun } from "../benchmark.ts";
import { openStorage, type BenchStack } from "../stack.ts";
import { TENANT } from "../tenant.ts";
import type { ExportKind } from "./kind.ts";
import type { SeededContext } from "./seed.ts";

export type MeasuredExport = {
  /** From RUNNING to SUCCEEDED, by the database's clock. */
  readonly seconds: number;
  readonly megabytes: number;
  /** CPU time of the worker; undefined where the system does not report it. */
  readonly cpuSeconds: number | undefined;
  /** CPU time of the Postgres server and its connections. */
  readonly postgresCpuSeconds: number | undefined;
  /** Peak memory of the worker during the export. */
  readonly peakRssMb: number | undefined;
};

/** @throws Error when the export fails or its row count is wrong. */
export type Exporter = (
  kind: ExportKind,
  context: SeededContext,
  workerPid: number,
) => Promise<MeasuredExport>;

const POLL_INTERVAL_MS = 100;

/** Creates and enqueues exports without the API, and waits for the worker. */
export function createExporter(
  stack: BenchStack,
  { lifetime, signal }: Pick<BenchmarkRun, "lifetime" | "signal">,
): Exporter {
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

  return (kind, context, workerPid) =>
    withTenant(TENANT, async () => {
      resetPeakMemory(workerPid);
      const before = processUsage(workerPid);
      const postgresBefore = processTreeCpuSeconds(stack.postgres.pid);
      const jobId = await insertJob(database, kind, context);
      await queue.add({ tenantId: TENANT, jobId }, { claim: 0 });
      const job = await finishedJob(database, jobId, signal);
      const after = processUsage(workerPid);
      const postgresAfter = processTreeCpuSeconds(stack.postgres.pid);
      // Frees the disk for the next export.
      await storage.delete(job.object_key);
      // VARIANCE sums the rows.
      if (kind.report !== "VARIANCE" && job.rows !== context.rows) {
        throw new Error(`The file has ${job.rows} rows instead of ${context.rows}`);
      }
      return {
        seconds: job.seconds,
        megabytes: job.bytes / 1e6,
        cpuSeconds: difference(before?.cpuSeconds, after?.cpuSeconds),
        postgresCpuSeconds: difference(postgresBefore, postgresAfter),
        peakRssMb: after?.peakRssMb,
      };
    });
}

const difference = (before: number | undefined, after: number | undefined): number | undefined =>
  before === undefined || after === undefined ? undefined : after - before;

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
