import type { ExportStatus, Format, ReportType } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { WorkerMetrics } from "../metrics.ts";

type ChangedJob = {
  readonly id: string;
  readonly tenantId: string;
  readonly reportType: string;
  readonly format: string;
  readonly requestId: string | null;
};

/** Says that upkeep brought a job into a state: one line of log, as for every change, and one in the metrics. */
export type TellChange = (job: ChangedJob, status: ExportStatus) => void;

export const createTellChange =
  (logger: Logger, metrics: Pick<WorkerMetrics, "changed">): TellChange =>
  ({ id: jobId, tenantId, requestId, reportType, format }, status) => {
    logger.info({ jobId, tenantId, requestId, status }, "export job");
    // The table's CHECKs let nothing else through.
    metrics.changed({ reportType: reportType as ReportType, format: format as Format }, status);
  };
