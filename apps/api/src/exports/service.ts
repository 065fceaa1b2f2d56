import { DocketError, notFound } from "@docket/domain";
import { type Database, type Transaction } from "@docket/platform/database";
import { readExportJob, type ExportJobRow, type PolledExportJob } from "@docket/platform/rows";

export type { ExportJobRow, PolledExportJob };

/** @throws DocketError `not_found`, also for another tenant's job. */
export async function findExport(tx: Transaction, id: string): Promise<ExportJobRow> {
  const row = await tx.exportJob.findFirst({ where: { id } });
  if (row === null) throw notFound("export job");
  return row;
}

/** {@link findExport} for polling clients, at a lower cost. */
export async function pollExport(
  { pool }: Pick<Database, "pool">,
  id: string,
): Promise<PolledExportJob> {
  const row = await readExportJob(pool, id);
  if (row === undefined) throw notFound("export job");
  return row;
}

/** Has no Retry-After: the storage does not become available by itself. */
export const storageNotConfigured = (): DocketError =>
  new DocketError("storage_not_configured", "No object storage is configured on this server.");
