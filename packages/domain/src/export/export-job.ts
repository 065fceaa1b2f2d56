import { fileInfo, type Compression, type FileKind, type Format } from "./formats.ts";
import type { ReportType } from "./report-types.ts";

/** Seconds for which a claim is valid without a renewal (docs/api.md §2). */
export const LEASE_SECONDS = 20;

/** The number of failed attempts after which a job is FAILED (docs/api.md §2). */
export const MAX_ATTEMPTS = 4;

/** The number of claims without a result after which a job is FAILED with `worker_lost` (docs/api.md §2). */
export const MAX_CLAIMS = 20;

/** The days of an export in a time zone. Instants are seconds since 1970-01-01T00:00:00Z. */
export type ZonedRange = {
  /** As it was given. */
  readonly timeZone: string;
  /** The first instant of the range. */
  readonly from: number;
  /** The first instant after the range. */
  readonly until: number;
};

/** The parameters of an export. Days are `YYYY-MM-DD`, both inclusive. */
export type ExportSpec = {
  readonly contextId: string;
  readonly reportType: ReportType;
  readonly format: Format;
  readonly dateFrom: string;
  readonly dateTo: string;
  readonly sourceId?: string;
  readonly compression?: Compression;
  /** The names of the columns in file order. Absent: all. */
  readonly columns?: readonly string[];
  /** Absent: the days are those of UTC. */
  readonly zone?: ZonedRange;
};

/** `<REPORT_TYPE>_<first 8 of contextId>_<range>.<ext>`, e.g. `MATCHED_0192f0c1_20260101-20260131.csv` (docs/api.md §2). */
export function exportFileName(spec: Omit<ExportSpec, "sourceId">): string {
  const compact = (day: string): string => day.replaceAll("-", "");
  const range = `${compact(spec.dateFrom)}-${compact(spec.dateTo)}`;
  return `${spec.reportType}_${spec.contextId.slice(0, 8)}_${range}.${fileInfo(spec).extension}`;
}

/** `<tenantId>/exports/<contextId>/<jobId>/<claim>-<REPORT_TYPE>.<ext>`: every claim has its own key (docs/api.md §2). */
export function exportObjectKey(
  job: Pick<ExportSpec, "contextId" | "reportType"> &
    FileKind & {
      tenantId: string;
      id: string;
      claim: number;
    },
): string {
  const file = `${job.claim}-${job.reportType}.${fileInfo(job).extension}`;
  return `${job.tenantId}/exports/${job.contextId}/${job.id}/${file}`;
}

/**
 * Milliseconds to wait after failed attempt number `attempts`: `baseMs`, then six times longer each time, ± 20 %. With the
 * default base, these are 5 s, 30 s and 3 min (docs/api.md §2).
 *
 * @param random in [0, 1), for the jitter. The domain has no randomness of its own.
 */
export function retryDelayMs(attempts: number, baseMs: number, random: number): number {
  return Math.round(baseMs * 6 ** (attempts - 1) * (0.8 + 0.4 * random));
}

/**
 * Milliseconds to wait before a job that was handed back because of an outage runs again: doubles with each claim, up to a
 * minute. With the default base, {@link MAX_CLAIMS} claims outlast an outage of 15 minutes.
 */
export const outageDelayMs = (claim: number, baseMs: number): number =>
  Math.min(60_000, baseMs * 2 ** (claim - 1));

/** From 0 to 99 until the job has SUCCEEDED, then 100. Undefined until `recordsExpected` is known (docs/api.md §2). */
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
