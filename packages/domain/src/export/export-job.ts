import { FORMATS, type Format } from "./formats.ts";
import type { ReportType } from "./report-types.ts";

/** Seconds for which a claim is valid without being renewed (contract §2). */
export const LEASE_SECONDS = 20;

/** Failed attempts after which a job is FAILED (contract §2). */
export const MAX_ATTEMPTS = 4;

/** Claims after which a job that never came to a result is FAILED `worker_lost` (contract §2). */
export const MAX_CLAIMS = 20;

/** What an export is made of; days are `YYYY-MM-DD`, both included. */
export type ExportSpec = {
  readonly contextId: string;
  readonly reportType: ReportType;
  readonly format: Format;
  readonly dateFrom: string;
  readonly dateTo: string;
  readonly sourceId?: string;
};

/** `MATCHED_0192f0c1_20260101-20260131.csv`: report, first 8 of the context's id, the range (contract §2). */
export function exportFileName(spec: Omit<ExportSpec, "sourceId">): string {
  const compact = (day: string): string => day.replaceAll("-", "");
  const range = `${compact(spec.dateFrom)}-${compact(spec.dateTo)}`;
  return `${spec.reportType}_${spec.contextId.slice(0, 8)}_${range}.${FORMATS[spec.format].extension}`;
}

/** `<tenantId>/exports/<contextId>/<jobId>/<claim>-<REPORT_TYPE>.<ext>`: a key of the claim's own (contract §2). */
export function exportObjectKey(
  job: Pick<ExportSpec, "contextId" | "reportType" | "format"> & {
    tenantId: string;
    id: string;
    claim: number;
  },
): string {
  const file = `${job.claim}-${job.reportType}.${FORMATS[job.format].extension}`;
  return `${job.tenantId}/exports/${job.contextId}/${job.id}/${file}`;
}

/**
 * Milliseconds to wait after the `attempts`-th failed attempt: the base, then six times longer each time
 * (5 s, 30 s, 3 min), ± 20 % (contract §2).
 *
 * @param random in [0, 1): the jitter; passed in because the domain has no randomness.
 */
export function retryDelayMs(attempts: number, baseMs: number, random: number): number {
  return Math.round(baseMs * 6 ** (attempts - 1) * (0.8 + 0.4 * random));
}

/**
 * Milliseconds until a job is delivered again that was handed back for an outage, at no attempt's cost: doubling with each
 * claim, a minute at most, so that the claims outlast an outage of a quarter of an hour.
 */
export const outageDelayMs = (claim: number, baseMs: number): number =>
  Math.min(60_000, baseMs * 2 ** (claim - 1));

/** 0–99 while the job runs, 100 only when SUCCEEDED; undefined until the expected count is known (contract §2). */
export function exportPercent(job: {
  status: string;
  recordsWritten: number;
  recordsExpected: number | null;
}): number | undefined {
  if (job.status === "SUCCEEDED" || job.status === "EXPIRED") return 100;
  if (job.recordsExpected === null) return undefined;
  if (job.recordsExpected === 0) return 99;
  return Math.min(99, Math.floor((100 * job.recordsWritten) / job.recordsExpected));
}
