import type { Logger } from "@docket/platform";
import type { ExportQueue } from "@docket/platform/queue";
import type { CreatedExportJob } from "@docket/platform/rows";

/**
 * Enqueues a committed job without waiting for the queue. If the queue is unavailable, the reconciler enqueues the job later; the
 * response is not delayed.
 */
export function enqueueExport(
  queue: ExportQueue,
  logger: Logger,
  { tenantId, id: jobId, claim, turn, turnsBegun }: CreatedExportJob,
): void {
  queue.add({ tenantId, jobId }, { claim, place: { turn, turnsBegun } }).catch((error: unknown) => {
    logger.warn({ err: error, jobId }, "enqueue failed; the reconciler will retry");
  });
}
