import type { Logger } from "@docket/platform";
import type { ExportQueue } from "@docket/platform/queue";
import type { CreatedExportJob } from "@docket/platform/rows";

/**
 * Enqueues committed jobs without waiting for the queue. If the queue is unavailable, the reconciler enqueues them later; the
 * responses are not delayed.
 */
export function enqueueExports(
  { queue, logger }: { readonly queue: ExportQueue; readonly logger: Logger },
  jobs: readonly CreatedExportJob[],
): void {
  if (jobs.length === 0) return;
  const messages = jobs.map(({ tenantId, id: jobId, claim, turn, turnsBegun }) => ({
    message: { tenantId, jobId },
    options: { claim, place: { turn, turnsBegun } },
  }));
  queue.addAll(messages).catch((error: unknown) => {
    const jobIds = jobs.map(({ id }) => id);
    logger.warn({ err: error, jobIds }, "enqueue failed; the reconciler will retry");
  });
}
