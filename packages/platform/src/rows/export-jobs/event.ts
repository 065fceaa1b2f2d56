import type { EventType } from "@docket/domain";
import { Prisma, type Transaction } from "../../database/index.ts";
import { insertRowEvents, type Actor, type RowEvent } from "../events/record.ts";

/** The API path of a job, which is also the subject of its events. */
export const exportJobPath = (jobId: string): string => `/v1/export-jobs/${jobId}`;

const instant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const instants = (columns: Readonly<Record<string, string>>): string =>
  Object.entries(columns)
    .map(([field, column]) => `'${field}', ${instant(column)}`)
    .join(", ");

/**
 * The job as GET /v1/export-jobs/{jobId} shows it (apps/api/src/exports/view.ts; a test compares the two). Rendered by Postgres, so that
 * a change and its event are one statement.
 */
const EXPORT_JOB_DATA = Prisma.raw(`jsonb_strip_nulls(jsonb_build_object(
  'id', id, 'contextId', context_id, 'reportType', report_type, 'format', format,
  'dateFrom', date_from, 'dateTo', date_to, 'sourceId', source_id, 'compression', compression,
  'columns', CASE WHEN cardinality(columns) > 0 THEN to_jsonb(columns) END, 'timeZone', time_zone, 'status', status,
  'recordsWritten', records_written, 'recordsExpected', records_expected, 'bytesWritten', bytes_written,
  'percent', CASE WHEN status IN ('SUCCEEDED', 'EXPIRED') THEN 100
                  WHEN records_expected = 0 THEN 99
                  WHEN records_expected > 0 THEN least(99, 100 * records_written / records_expected) END,
  'fileName', file_name, 'sha256', sha256, 'contentSha256', content_sha256, 'attempts', attempts, 'requestedBy', requested_by,
  'error', CASE WHEN status = 'FAILED' THEN error END, 'errorCode', CASE WHEN status = 'FAILED' THEN error_code END,
  'downloadUrl', CASE WHEN status = 'SUCCEEDED' AND expires_at >= now() + interval '1 s'
                      THEN '/v1/export-jobs/' || id || '/download' END,
  ${instants({ asOf: "as_of", createdAt: "created_at", startedAt: "started_at", finishedAt: "finished_at", expiresAt: "expires_at" })}))`);

/** An INSERT of one event for each export job of `rows`, a relation with all columns of `export_jobs`. */
export const insertExportJobEvents = (event: RowEvent, rows: Prisma.Sql): Prisma.Sql =>
  insertRowEvents(event, { rows, path: exportJobPath(""), data: EXPORT_JOB_DATA });

/** Writes an event of a job that does not change. */
export async function recordExportJobEvent(
  tx: Transaction,
  by: Actor,
  type: EventType,
  jobId: string,
): Promise<void> {
  const job = Prisma.sql`export_jobs WHERE id = ${jobId}::uuid`;
  await tx.$executeRaw(insertExportJobEvents({ type, by }, job));
}
