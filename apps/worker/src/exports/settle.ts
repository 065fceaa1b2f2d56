import { exportObjectKey, MAX_ATTEMPTS, outageDelayMs, retryDelayMs } from "@docket/domain";
import { withTimeout } from "@docket/platform";
import {
  failExportJob,
  handBackExportJob,
  isExportObjectTaken,
  retryExportJob,
  type ExportFailure,
  type ExportJob,
  type HeldExportJob,
} from "@docket/platform/rows";
import { outcomeOf } from "./outcome.ts";
import type { ExportTools } from "./tools.ts";

/** Records the outcome of a failed attempt in the row, enqueues the job again if it has to run again, and deletes its object. */
export async function settleAttempt(
  job: HeldExportJob,
  error: unknown,
  tools: ExportTools,
): Promise<void> {
  const outcome = outcomeOf(error);
  switch (outcome.kind) {
    case "lost":
      reportLost(tools);
      break;
    case "hand-back":
      await handBack(job, outcome.isShutdown, error, tools);
      break;
    case "retry":
      if (job.attempts + 1 < MAX_ATTEMPTS) await retry(job, outcome, error, tools);
      else await fail(job, outcome, error, tools);
      break;
    case "fail":
      await fail(job, outcome, error, tools);
      break;
  }
  await deleteObject(job, tools);
}

/** Another worker has the job, or someone has canceled it: this attempt changes nothing. */
const reportLost = ({ logger }: Pick<ExportTools, "logger">): void => logger.info("claim lost");

async function handBack(
  job: HeldExportJob,
  isShutdown: boolean,
  error: unknown,
  tools: ExportTools,
): Promise<void> {
  const { database, logger, metrics } = tools;
  const delayMs = isShutdown ? 0 : outageDelayMs(job.claim, tools.retryBaseMs);
  const queued = await handBackExportJob(database.prisma, job, delayMs);
  if (queued === undefined) return reportLost(tools);
  logger.info({ status: queued.status, err: error, delayMs }, "export job handed back");
  metrics.changed(queued);
  metrics.returned(isShutdown ? "shutdown" : "database_unavailable");
  await enqueue(queued, delayMs, tools);
}

async function retry(
  job: HeldExportJob,
  { code }: ExportFailure,
  error: unknown,
  tools: ExportTools,
): Promise<void> {
  const { database, logger, metrics } = tools;
  const delayMs = retryDelayMs(job.attempts + 1, tools.retryBaseMs, tools.random());
  const queued = await retryExportJob(database.prisma, job, delayMs);
  if (queued === undefined) return reportLost(tools);
  const fields = { status: queued.status, err: error, errorCode: code, delayMs };
  logger.warn(fields, "export attempt failed, will retry");
  metrics.changed(queued);
  metrics.returned(code);
  await enqueue(queued, delayMs, tools);
}

async function fail(
  job: HeldExportJob,
  failure: ExportFailure,
  error: unknown,
  { database, logger, metrics }: ExportTools,
): Promise<void> {
  const failed = await failExportJob(database.prisma, job, failure);
  if (failed === undefined) return reportLost({ logger });
  logger.error({ status: failed.status, err: error, errorCode: failure.code }, "export job failed");
  metrics.changed(failed);
}

async function enqueue(
  { id: jobId, tenantId, claim, turn }: ExportJob,
  delayMs: number,
  { queue, logger }: ExportTools,
): Promise<void> {
  try {
    // The job was claimed, so its turn has begun.
    await queue.add({ tenantId, jobId }, { claim, delayMs, place: { turn, turnsBegun: turn } });
  } catch (error) {
    logger.warn({ err: error }, "enqueue failed; the reconciler will retry");
  }
}

const DELETE_TIMEOUT_MS = 2_000;

/**
 * Deletes the object of this claim, unless it is the file of the job, because the response to the SUCCEEDED write may have been lost,
 * or another holder has the same claim number.
 * The row of the object stays, because a request that was cut off may still create the object. The orphan sweeper deletes such
 * an object, and one whose deletion fails here.
 */
async function deleteObject(
  job: HeldExportJob,
  { database, storage, logger }: ExportTools,
): Promise<void> {
  if (storage === undefined) return;
  const key = exportObjectKey(job);
  try {
    if (await isExportObjectTaken(database.prisma, job, key)) return;
    // Bounded, so that a store that does not respond holds up neither the next export nor a shutdown.
    await withTimeout(DELETE_TIMEOUT_MS, storage.delete(key));
  } catch (error) {
    logger.warn({ err: error, key }, "object deletion failed; the orphan sweeper will retry");
  }
}
