import type { Logger } from "@docket/platform";
import type { ApiMetrics } from "../metrics.ts";
import type { ExportJobRow } from "./service.ts";

/** Logs and counts a status change that a request made. Call it after the commit. */
export function reportChange(
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
  logger.info({ jobId, tenantId, status }, `export job ${status.toLowerCase()}`);
  metrics.exportJobChanged({ reportType, format }, status);
}
