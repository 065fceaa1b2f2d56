import { DocketError } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import { recordAudit, type Actor } from "@docket/platform/rows";
import { exportJobPath, findExport, type ExportJobRow } from "./service.ts";

/**
 * Cancels an export that is not finished. Canceling a canceled one again changes nothing.
 *
 * The queue is not asked: a delivery finds nothing to claim, and a running worker's next heartbeat finds the row no longer its own,
 * stops the export and clears its object away; when it cannot, the orphan sweeper does.
 * `changed` is false for one that was canceled before.
 * @throws DocketError `not_found`, `export_not_cancelable`.
 */
export async function cancelExport(
  within: Transaction,
  id: string,
  by: Actor,
): Promise<{ readonly job: ExportJobRow; readonly changed: boolean }> {
  // This one UPDATE is what makes cancel win: it and the worker's `succeed` (job-rows.ts) take the same row lock, and the second
  // of the two finds a state that its own condition refuses. A worker that hands back or retries meanwhile is waited for and
  // canceled all the same, since both states are in the condition.
  const count = await within.$executeRaw`
    UPDATE export_jobs SET status = 'CANCELED', lease_until = NULL, finished_at = now()
    WHERE id = ${id}::uuid AND status IN ('QUEUED', 'RUNNING')`;
  const job = await findExport(within, id);
  if (count === 1) await recordAudit(within, by, "export-job.canceled", exportJobPath(id));
  else if (job.status !== "CANCELED") throw notCancelable(job.status);
  return { job, changed: count === 1 };
}

const notCancelable = (status: string): DocketError =>
  new DocketError("export_not_cancelable", `The export is ${status}: it cannot be canceled.`);
