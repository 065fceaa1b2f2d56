import type { Logger } from "@docket/platform";
import type { ApiMetrics } from "../metrics.ts";
import type { ExportJobRow } from "./service.ts";

/** Says that a request brought a job into a state, once it is committed: one line of log, and one in the metrics. */
export function tellChange(
  metrics: ApiMetrics,
  logger: Logger,
  {
    id: jobId,
    tenantId,
    reportType,
    format,
  }: Pick<ExportJobRow, "id" | "tenantId" | "reportType" | "format">,
  status: "QUEUED" | "CANCELED",
): void {
  logger.info({ jobId, tenantId, status }, "export job");
  metrics.exportJobChanged({ reportType, format }, status);
}
