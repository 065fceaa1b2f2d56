import type { Logger } from "@docket/platform";
import { withTenant, type Database } from "@docket/platform/database";
import type { ExportQueue } from "@docket/platform/queue";
import {
  findDueExportJobs,
  requeueExportJob,
  type UnfinishedExportJob,
} from "@docket/platform/rows";
import type { WorkerMetrics } from "../metrics.ts";
import { reportChange } from "./report-change.ts";
import { sweepRows } from "./sweeper.ts";
import type { UpkeepTask } from "./timer.ts";

/** Jobs per run. */
const LIMIT = 1_000;

/**
 * Keeps rows and queue consistent (docs/api.md §2): requeues the jobs of lost workers, and enqueues every job that is due.
 *
 * A message that is still in the queue is not added twice, because its id consists of the job and the claim. A superfluous
 * message does no harm, because the row can be claimed only once.
 */
export function reconciler(tools: {
  readonly database: Pick<Database, "prisma" | "pool">;
  readonly queue: Pick<ExportQueue, "add">;
  readonly logger: Logger;
  readonly metrics: Pick<WorkerMetrics, "changed" | "returned">;
}): UpkeepTask {
  const { database, queue } = tools;
  const requeue = async (job: UnfinishedExportJob): Promise<boolean> => {
    const requeued = await withTenant(job.tenantId, () => requeueExportJob(database.prisma, job));
    if (requeued === undefined) return false;
    reportChange(tools, requeued, "export job requeued");
    // Counted here, because a run that cannot reach the queue fails and counts nothing.
    tools.metrics.returned("worker_lost");
    return true;
  };

  const enqueue = (job: UnfinishedExportJob): Promise<void> => {
    const { tenantId, id: jobId, claim, turn, turnsBegun } = job;
    return queue.add({ tenantId, jobId }, { claim, place: { turn, turnsBegun } });
  };

  return {
    name: "reconciler",
    run: async (signal) => {
      const jobs = await findDueExportJobs(database.pool, LIMIT);
      const lost = jobs.filter(({ status }) => status === "RUNNING");
      // All requeues come before the first use of the queue, which may be unavailable.
      const abandoned = await sweepRows(lost, { logger: tools.logger, signal }, requeue);
      await inBatches(jobs, enqueue, signal);
      return abandoned > 0 ? { abandoned, delivered: jobs.length } : undefined;
    },
  };
}

/** Jobs that are enqueued at once. The queue has a time limit for each, so that a slow one delays only its batch. */
const BATCH = 50;

/**
 * Enqueues the jobs. One that fails holds up no other: the next run enqueues it. If a whole batch fails, the queue is unavailable.
 *
 * @throws the first error, after the other jobs were tried.
 */
async function inBatches(
  jobs: readonly UnfinishedExportJob[],
  enqueue: (job: UnfinishedExportJob) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let failure: PromiseRejectedResult | undefined;
  for (let start = 0; start < jobs.length && !signal.aborted; start += BATCH) {
    const outcomes = await Promise.allSettled(jobs.slice(start, start + BATCH).map(enqueue));
    const failures = outcomes.filter(({ status }) => status === "rejected");
    failure ??= failures[0] as PromiseRejectedResult | undefined;
    if (failures.length === outcomes.length) break;
  }
  if (failure !== undefined) throw failure.reason;
}
