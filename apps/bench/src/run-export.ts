import { setTimeout as sleep } from "node:timers/promises";

import { createLogger, type Lifetime } from "@docket/platform";
import { createDatabase, withTenant } from "@docket/platform/database";
import { createExportQueue } from "@docket/platform/queue";
import { createStorage } from "@docket/platform/storage";

import type { BenchStack } from "./bench-stack.ts";
import { resetPeakMemory, processUsage } from "@docket/testing";
import type { Scene } from "./seed.ts";

/** One export, as the row and the worker's process tell it. */
export type Measured = {
  /** RUNNING to SUCCEEDED, by the database's clock. */
  readonly seconds: number;
  readonly rows: number;
  readonly megabytes: number;
  readonly cpuSeconds: number | undefined;
  /** While it ran. */
  readonly peakRssMb: number | undefined;
};

export type Exporter = (format: string, scene: Scene, workerPid: number) => Promise<Measured>;

type JobRow = {
  readonly status: string;
  readonly error_code: string | null;
  readonly seconds: number;
  readonly rows: number;
  readonly bytes: number;
  readonly object_key: string;
};

const LOOK_EVERY_MS = 100;

/** Orders exports as the API does, a row and a delivery, and waits for the worker. */
export function createExporter(
  { databaseUrl, queueUrl, storage: settings }: BenchStack,
  lifetime: Lifetime,
  signal: AbortSignal,
): Exporter {
  const database = createDatabase({
    url: databaseUrl,
    poolSize: 2,
    applicationName: "docket-bench",
    statementTimeoutMs: 3e4,
  });
  lifetime.onClose("database", database.close);
  const queue = createExportQueue({ url: queueUrl, logger: createLogger("docket-bench", "error") });
  lifetime.onClose("queue", queue.close);
  const storage = createStorage({
    endpoint: settings["S3_ENDPOINT"],
    region: settings["S3_REGION"]!,
    bucket: settings["S3_BUCKET"]!,
    accessKeyId: settings["S3_ACCESS_KEY_ID"],
    secretAccessKey: settings["S3_SECRET_ACCESS_KEY"],
  });
  lifetime.onClose("storage", storage.close);

  const order = async (format: string, scene: Scene): Promise<string> => {
    const { rows } = await database.pool.query<{ id: string }>(
      `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by)
       VALUES ($1, $2, 'MATCHED', $3, $4, $5, 'bench') RETURNING id`,
      [scene.tenantId, scene.contextId, format, scene.dateFrom, scene.dateTo],
    );
    const jobId = rows[0]!.id;
    await queue.add({ tenantId: scene.tenantId, jobId }, { claim: 0 });
    return jobId;
  };

  const finished = async (jobId: string): Promise<JobRow> => {
    for (;;) {
      const { rows } = await database.pool.query<JobRow>(JOB, [jobId]);
      const [row] = rows;
      if (row?.status === "SUCCEEDED") return row;
      if (row?.error_code) throw new Error(`The export failed: ${row.error_code}`);
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  };

  return (format, scene, workerPid) =>
    withTenant(scene.tenantId, async () => {
      resetPeakMemory(workerPid);
      const before = processUsage(workerPid);
      const row = await finished(await order(format, scene));
      const after = processUsage(workerPid);
      // The disk is for the next one.
      await storage.delete(row.object_key);
      if (row.rows !== scene.rows) {
        throw new Error(`The file has ${row.rows} rows instead of ${scene.rows}`);
      }
      return {
        seconds: row.seconds,
        rows: row.rows,
        megabytes: row.bytes / 1e6,
        cpuSeconds: before && after && after.cpuSeconds - before.cpuSeconds,
        peakRssMb: after?.peakRssMb,
      };
    });
}

const JOB = `
  SELECT status, error_code, object_key, records_written::float8 AS rows, bytes_written::float8 AS bytes,
    extract(epoch FROM finished_at - started_at)::float8 AS seconds
  FROM export_jobs WHERE id = $1`;
