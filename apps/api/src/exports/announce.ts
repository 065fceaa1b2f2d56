import type { Logger } from "@docket/platform";
import type { ExportQueue } from "@docket/platform/queue";

/**
 * Tells the queue of a job that was just committed, and waits for nothing: a queue that is down delays the job until the
 * reconciler repeats this, and never the answer to the caller.
 */
export function announceExport(
  queue: ExportQueue,
  logger: Logger,
  job: {
    readonly tenantId: string;
    readonly id: string;
    readonly claim: number;
    readonly turn: number;
  },
): void {
  queue
    .add({ tenantId: job.tenantId, jobId: job.id }, { claim: job.claim, turn: job.turn })
    .catch((error: unknown) => {
      logger.warn(
        { err: error, jobId: job.id },
        "the queue was not told of a job; the reconciler will",
      );
    });
}
