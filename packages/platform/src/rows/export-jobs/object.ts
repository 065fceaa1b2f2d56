import { exportObjectKey, type Compression, type Format, type ReportType } from "@docket/domain";
import type { Transaction } from "../../database/index.ts";

/** True if `key` is the file of the SUCCEEDED job. */
export const isExportFile = async (
  tx: Transaction,
  { id, key }: { readonly id: string; readonly key: string },
): Promise<boolean> => (await tx.exportJob.count({ where: { id, objectKey: key } })) > 0;

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
