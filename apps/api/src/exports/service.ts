import { DocketError, notFound } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import type { ExportJobRow } from "@docket/platform/rows";

export type { ExportJobRow };

/** @throws DocketError `not_found`, also for another tenant's job. */
export async function findExport(tx: Transaction, id: string): Promise<ExportJobRow> {
  const row = await tx.exportJob.findFirst({ where: { id } });
  if (row === null) throw notFound("export job");
  return row;
}

/** Has no Retry-After: the storage does not become available by itself. */
export const storageNotConfigured = (): DocketError =>
  new DocketError("storage_not_configured", "No object storage is configured on this server.");
