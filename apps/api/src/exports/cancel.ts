import { DocketError } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import { cancelExportJob, type Actor } from "@docket/platform/rows";
import { findExport, type ExportJobRow } from "./service.ts";

/**
 * Cancels an unfinished export. Canceling it again changes nothing; `changed` is then false.
 *
 * @throws DocketError `not_found`, `export_not_cancelable`.
 */
export async function cancelExport(
  tx: Transaction,
  id: string,
  by: Actor,
): Promise<{ readonly job: ExportJobRow; readonly changed: boolean }> {
  const canceled = await cancelExportJob(tx, id, by);
  const job = await findExport(tx, id);
  if (job.status !== "CANCELED") throw notCancelable(job.status);
  return { job, changed: canceled !== undefined };
}

const notCancelable = (status: string): DocketError =>
  new DocketError("export_not_cancelable", `The export is ${status} and cannot be canceled.`);
