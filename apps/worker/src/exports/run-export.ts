import { withTenant } from "@docket/platform/database";
import type { ExportMessage } from "@docket/platform/queue";
import { claimExportJob, giveUpExportJob, type ExportJob } from "@docket/platform/rows";
import { attemptExport } from "./attempt.ts";
import { settleAttempt } from "./settle.ts";
import type { ExportTools } from "./tools.ts";

/**
 * Handles one message about an export job: claims the row, writes the file, and records the outcome in the row.
 *
 * It may run twice, late, or in two workers at once: only one of them can claim the row, and every later write requires the
 * claim. It rejects only if the database is unavailable; the reconciler then requeues the job once its lease has expired.
 */
export function runExport({ tenantId, jobId }: ExportMessage, tools: ExportTools): Promise<void> {
  return withTenant(tenantId, async () => {
    if (tools.shutdown.aborted) return;
    const { prisma } = tools.database;
    const job = await claimExportJob(prisma, jobId);
    if (job === undefined) {
      const failed = await giveUpExportJob(prisma, jobId);
      if (failed !== undefined) reportGivenUp(failed, tools);
      return;
    }
    const logger = tools.logger.child(logFields(job));
    const jobTools = { ...tools, logger };
    logger.info({ status: job.status }, "export job running");
    tools.metrics.changed(job);
    try {
      await attemptExport(job, jobTools);
    } catch (error) {
      await settleAttempt(job, error, jobTools);
    }
  });
}

function reportGivenUp(job: ExportJob, { logger, metrics }: ExportTools): void {
  const fields = { ...logFields(job), status: job.status, errorCode: "worker_lost" };
  logger.error(fields, "export job failed");
  metrics.changed(job);
}

const logFields = ({ id: jobId, tenantId, claim, attempts, requestId }: ExportJob): object => ({
  jobId,
  tenantId,
  claim,
  attempts,
  requestId,
});
