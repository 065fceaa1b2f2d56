import type { Logger } from "@docket/platform";
import type { ExportJob } from "@docket/platform/rows";
import type { WorkerMetrics } from "../metrics.ts";

/** Logs and counts a status change that upkeep made. */
export function reportChange(
  tools: { readonly logger: Logger; readonly metrics: Pick<WorkerMetrics, "changed"> },
  job: ExportJob,
  message: string,
): void {
  const { id: jobId, tenantId, requestId, status } = job;
  tools.logger.info({ jobId, tenantId, requestId, status }, message);
  tools.metrics.changed(job);
}
