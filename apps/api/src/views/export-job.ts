import { exportPercent } from "@docket/domain";
import { hasFile } from "../services/download-export.ts";
import { exportJobPath, type ExportJobRow } from "../services/export-jobs.ts";
import { compact } from "./compact.ts";

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;
const day = (date: Date): string => date.toISOString().slice(0, 10);
const count = (value: bigint | null): number | null => (value === null ? null : Number(value));

/** An export job as callers see it (contract §2). What is not there yet, or not any more, is left out. */
export function exportJobView(row: ExportJobRow, now: Date): object {
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
    status: row.status,
    recordsWritten,
    recordsExpected,
    bytesWritten: Number(row.bytesWritten),
    percent: exportPercent({ status: row.status, recordsWritten, recordsExpected }) ?? null,
    fileName: row.fileName,
    sha256: row.sha256,
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
