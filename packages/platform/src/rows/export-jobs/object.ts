import { exportObjectKey, type Compression, type Format, type ReportType } from "@docket/domain";
import type { Transaction } from "../../database/index.ts";
import type { ExportClaim } from "./change.ts";

/**
 * True if the object `key` of a claim is not to be deleted by its holder: it is the file of the SUCCEEDED job, or another holder has
 * the same claim number, after a failover of the database, and so the same key.
 */
export const isExportObjectTaken = async (
  tx: Transaction,
  { id, claim, holder }: ExportClaim,
  key: string,
): Promise<boolean> => {
  const taken = [{ objectKey: key }, { claim, holder: { not: holder } }];
  return (await tx.exportJob.count({ where: { id, OR: taken } })) > 0;
};

/** True if `key` is the job's file, or if the current claim of the RUNNING job writes to it. */
export async function isExportObjectInUse(
  tx: Transaction,
  { id, key }: { readonly id: string; readonly key: string },
): Promise<boolean> {
  const job = await tx.exportJob.findFirst({ where: { id } });
  if (job === null) return false;
  const { objectKey, status } = job;
  if (objectKey === key) return true;
  // The CHECKs of the table allow no other values.
  const kind = {
    reportType: job.reportType as ReportType,
    format: job.format as Format,
    compression: job.compression as Compression | null,
  };
  return status === "RUNNING" && exportObjectKey({ ...job, ...kind }) === key;
}
