import { DocketError, notFound } from "@docket/domain";
import { type Database, type Transaction } from "@docket/platform/database";
import { readExportJob, type ExportJobRow } from "@docket/platform/rows";

export type { ExportJobRow };

/** What a job is called in the audit trail: its path. */
export const exportJobPath = (jobId: string): string => `/v1/export-jobs/${jobId}`;

/** @throws DocketError `not_found`, also for another tenant's. */
export async function findExport(within: Transaction, id: string): Promise<ExportJobRow> {
  const row = await within.exportJob.findFirst({ where: { id } });
  if (row === null) throw notFound("export job");
  return row;
}

/** The same for the call that clients repeat until their job is done: nothing else is as often asked. */
export async function pollExport(
  { pool }: Pick<Database, "pool">,
  id: string,
): Promise<ExportJobRow> {
  const row = await readExportJob(pool, id);
  if (row === undefined) throw notFound("export job");
  return row;
}

/** The refusal of whatever needs an object storage where there is none. It does not come back by itself: no Retry-After. */
export const storageNotConfigured = (): DocketError =>
  new DocketError("storage_not_configured", "No object storage is configured on this server.");
