import {
  COMPRESSIONS,
  exportLifecycle,
  exportPercent,
  FORMATS,
  REPORT_TYPES,
  compact,
} from "@docket/domain";
import { exportJobPath, type PolledExportJob } from "@docket/platform/rows";
import {
  choiceSchema,
  component,
  countSchema,
  daySchema,
  idSchema,
  instantSchema,
  listSchema,
  sha256Schema,
  textSchema,
} from "../openapi/json-schema.ts";
import { downloadLinkFields } from "../openapi/download-link.ts";
import { hasFile } from "./download.ts";

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;
const day = (date: Date): string => date.toISOString().slice(0, 10);
const count = (value: bigint | null): number | null => (value === null ? null : Number(value));

/** The export job of docs/api.md §2. Fields that have no value are omitted. */
export function exportJobView(row: PolledExportJob, now: Date): object {
  const recordsWritten = Number(row.recordsWritten);
  const recordsExpected = count(row.recordsExpected);
  const failed = row.status === "FAILED";
  return compact({
    id: row.id,
    contextId: row.contextId,
    reportType: row.reportType,
    format: row.format,
    dateFrom: day(row.dateFrom),
    dateTo: day(row.dateTo),
    sourceId: row.sourceId,
    compression: row.compression,
    columns: row.columns.length > 0 ? row.columns : null,
    timeZone: row.timeZone,
    status: row.status,
    recordsWritten,
    recordsExpected,
    bytesWritten: Number(row.bytesWritten),
    percent: exportPercent({ status: row.status, recordsWritten, recordsExpected }) ?? null,
    fileName: row.fileName,
    sha256: row.sha256,
    contentSha256: row.contentSha256,
    asOf: instant(row.asOf),
    attempts: row.attempts,
    requestedBy: row.requestedBy,
    error: failed ? row.error : null,
    errorCode: failed ? row.errorCode : null,
    downloadUrl: hasFile(row, now) ? `${exportJobPath(row.id)}/download` : null,
    createdAt: row.createdAt.toISOString(),
    startedAt: instant(row.startedAt),
    finishedAt: instant(row.finishedAt),
    expiresAt: instant(row.expiresAt),
  });
}

const contentSha256Schema = {
  ...sha256Schema,
  description: "The SHA-256 of the file before compression, in hex. Present if it is compressed.",
};

export const exportJobSchema = component(
  "ExportJob",
  {
    id: idSchema,
    contextId: idSchema,
    reportType: choiceSchema(REPORT_TYPES),
    format: choiceSchema(Object.keys(FORMATS)),
    dateFrom: daySchema,
    dateTo: daySchema,
    status: choiceSchema(exportLifecycle.states),
    recordsWritten: countSchema,
    bytesWritten: countSchema,
    attempts: countSchema,
    requestedBy: textSchema,
    createdAt: instantSchema,
  },
  {
    sourceId: idSchema,
    compression: choiceSchema(Object.keys(COMPRESSIONS)),
    columns: listSchema(textSchema),
    timeZone: textSchema,
    recordsExpected: countSchema,
    percent: { type: "integer", minimum: 0, maximum: 100 },
    fileName: textSchema,
    sha256: { ...sha256Schema, description: "The SHA-256 of the stored bytes, in hex." },
    contentSha256: contentSha256Schema,
    asOf: {
      ...instantSchema,
      description: "The instant of the database snapshot that the file reflects.",
    },
    error: { ...textSchema, description: "Why the job failed. Safe to show to a user." },
    errorCode: { type: "string", pattern: "^[a-z_]+$" },
    downloadUrl: {
      type: "string",
      pattern: "^/v1/export-jobs/[^/]+/download$",
      description: "Where to request the download URL, while the file exists.",
    },
    startedAt: instantSchema,
    finishedAt: instantSchema,
    expiresAt: instantSchema,
  },
);

/** The link to an export's file. */
export const exportDownloadSchema = component("ExportDownload", downloadLinkFields, {
  contentSha256: contentSha256Schema,
});

/** The response to an estimate. */
export const exportEstimateSchema = component("ExportEstimate", {
  rows: countSchema,
  exact: {
    type: "boolean",
    description: "False if counting took too long: `rows` is then an estimate.",
  },
  columns: listSchema(textSchema),
  dateFrom: daySchema,
  dateTo: daySchema,
});

/** The response to a create. */
export const queuedExportSchema = component("QueuedExport", {
  jobId: idSchema,
  status: choiceSchema(exportLifecycle.states),
  statusUrl: { type: "string", pattern: "^/v1/export-jobs/" },
});
