import {
  exportFileName,
  exportObjectKey,
  MAX_ATTEMPTS,
  outageDelayMs,
  retryDelayMs,
  type ExportSpec,
} from "@docket/domain";
import type { Logger } from "@docket/platform";
import { withTenant, type Database } from "@docket/platform/database";
import type { ExportMessage, ExportQueue } from "@docket/platform/queue";
import type { Storage } from "@docket/platform/storage";
import { writeExport, type ExportMeter } from "./pipeline.ts";
import type { WorkerMetrics } from "../metrics.ts";
import { keepClaim } from "./heartbeat.ts";
import type { ClaimedJob, JobRows } from "./job-rows.ts";
import { AttemptStopped, outcomeOf } from "./outcome.ts";

export type ExportHelpers = {
  readonly rows: JobRows;
  readonly pool: Database["pool"];
  readonly queue: Pick<ExportQueue, "add">;
  /** Undefined when no object storage is configured: the job fails with a code that says so. */
  readonly storage: Storage | undefined;
  readonly logger: Logger;
  readonly metrics: Pick<WorkerMetrics, "changed" | "written" | "returned">;
  /** Aborts when the worker is to stop. */
  readonly shutdown: AbortSignal;
  readonly retentionDays: number;
  readonly retryBaseMs: number;
  /** In [0, 1). */
  readonly random: () => number;
};

/**
 * One delivery of an export job: claims the row, writes the file, and says in the row how it went.
 *
 * Safe to be called twice, late, or by two workers at once: `rows.claim` lets one through, and every later write
 * names the claim. Resolves in every case that the row can tell; what it cannot (the database is away) is
 * healed by the reconciler once the lease has run out.
 */
export function runExport(
  { tenantId, jobId }: ExportMessage,
  helpers: ExportHelpers,
): Promise<void> {
  return withTenant(tenantId, async () => {
    if (helpers.shutdown.aborted) return;
    const job = await helpers.rows.claim(jobId);
    if (job === undefined) {
      const wornOut = await helpers.rows.failWornOut(jobId);
      if (wornOut === undefined) return;
      const { requestId, attempts } = wornOut;
      const told = { jobId, tenantId, attempts, requestId, status: "FAILED" };
      helpers.logger.error({ ...told, errorCode: "worker_lost" }, "export job");
      helpers.metrics.changed(wornOut, "FAILED");
      return;
    }
    const { claim, attempts, requestId } = job;
    const logger = helpers.logger.child({ jobId, tenantId, claim, attempts, requestId });
    logger.info({ status: "RUNNING" }, "export job");
    helpers.metrics.changed(job, "RUNNING");
    try {
      await attempt(job, helpers, logger);
    } catch (error) {
      await settle(job, error, helpers, logger);
    }
  });
}

/** Writes the file and marks the row SUCCEEDED; rejects with the reason when there is no such file in the end. */
async function attempt(job: ClaimedJob, helpers: ExportHelpers, logger: Logger): Promise<void> {
  const { rows, storage } = helpers;
  if (storage === undefined) throw new StorageNotConfigured();
  const spec = specOf(job);
  const key = exportObjectKey(job);
  const fileName = exportFileName(spec);
  const started = performance.now();

  await rows.noteObject(job, key);
  let meter: ExportMeter | undefined;
  const held = keepClaim({ job, rows, logger, shutdown: helpers.shutdown, meter: () => meter });
  try {
    const file = await writeExport({
      spec,
      key,
      fileName,
      pool: helpers.pool,
      storage,
      signal: held.signal,
      onMeter: (running) => (meter = running),
      onUploadId: (uploadId) =>
        void rows
          .noteUpload(key, uploadId)
          .catch((error: unknown) => logger.warn({ err: error }, "upload id not noted")),
    });
    // The fence: from a claim that is no longer ours this changes nothing and answers false.
    if (!(await rows.succeed(job, { ...file, fileName, objectKey: key }, helpers.retentionDays)))
      throw new AttemptStopped("lost");
    const milliseconds = Math.round(performance.now() - started);
    const bytes = file.bytesWritten;
    helpers.metrics.changed(job, "SUCCEEDED");
    helpers.metrics.written(job, { seconds: milliseconds / 1_000, bytes });
    logger.info(
      {
        status: "SUCCEEDED",
        records: file.recordsWritten,
        bytes,
        milliseconds,
      },
      "export job",
    );
  } finally {
    await held.release();
  }
}

const specOf = ({
  contextId,
  reportType,
  format,
  dateFrom,
  dateTo,
  sourceId,
}: ClaimedJob): ExportSpec => ({
  contextId,
  reportType,
  format,
  dateFrom,
  dateTo,
  ...(sourceId !== null && { sourceId }),
});

/** Says in the row what is to become of the job, then clears away what the attempt may have stored. */
async function settle(
  job: ClaimedJob,
  error: unknown,
  helpers: ExportHelpers,
  logger: Logger,
): Promise<void> {
  const { rows, queue, metrics } = helpers;
  const outcome = error instanceof StorageNotConfigured ? STORAGE_NOT_CONFIGURED : outcomeOf(error);
  const last = outcome.kind === "retry" && job.attempts + 1 >= MAX_ATTEMPTS;

  if (outcome.kind === "lost") {
    logger.info("the job is no longer ours");
  } else if (outcome.kind === "hand-back") {
    const delayMs = outcome.soon ? 0 : outageDelayMs(job.claim, helpers.retryBaseMs);
    if (await rows.handBack(job, delayMs)) {
      logger.info({ status: "QUEUED", err: error, delayMs }, "export job handed back");
      metrics.changed(job, "QUEUED");
      metrics.returned(outcome.soon ? "shutdown" : "database_unavailable");
      await deliverAgain(job, delayMs, queue, logger);
    }
  } else if (outcome.kind === "retry" && !last) {
    const delayMs = retryDelayMs(job.attempts + 1, helpers.retryBaseMs, helpers.random());
    if (await rows.retry(job, delayMs)) {
      logger.warn(
        { status: "QUEUED", err: error, errorCode: outcome.code, delayMs },
        "export job will be tried again",
      );
      metrics.changed(job, "QUEUED");
      metrics.returned(outcome.code);
      await deliverAgain(job, delayMs, queue, logger);
    }
  } else if (await rows.fail(job, outcome)) {
    logger.error({ status: "FAILED", err: error, errorCode: outcome.code }, "export job");
    metrics.changed(job, "FAILED");
  }
  await clearAway(job, helpers, logger);
}

/** A queue that is down delays the job; the reconciler repeats it. */
async function deliverAgain(
  job: ClaimedJob,
  delayMs: number,
  queue: Pick<ExportQueue, "add">,
  logger: Logger,
): Promise<void> {
  try {
    await queue.add(
      { tenantId: job.tenantId, jobId: job.id },
      { claim: job.claim, delayMs, turn: job.turn },
    );
  } catch (error) {
    logger.warn({ err: error }, "could not queue; the reconciler will");
  }
}

/**
 * Deletes the object of this claim, unless the row names it: a SUCCEEDED whose answer was lost on the way is still a success.
 * Its note stays: a request that was cut off may still be carried out, and then the sweeper, which asks the same question, finds
 * the object. So it does when the object cannot be deleted now.
 */
async function clearAway(
  job: ClaimedJob,
  { rows, storage }: ExportHelpers,
  logger: Logger,
): Promise<void> {
  if (storage === undefined) return;
  const key = exportObjectKey(job);
  try {
    if (await rows.ownsObject(job, key)) return;
    await storage.delete(key);
  } catch (error) {
    logger.warn({ err: error, key }, "left an object to the sweeper");
  }
}

class StorageNotConfigured extends Error {
  override readonly name = "StorageNotConfigured";
}

const STORAGE_NOT_CONFIGURED = {
  kind: "fail",
  code: "storage_not_configured",
  message: "Exports are not available: object storage is not configured.",
} as const;
