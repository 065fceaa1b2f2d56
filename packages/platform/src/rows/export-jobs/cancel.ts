import { Prisma, type Transaction } from "../../database/index.ts";
import type { Actor } from "../events/record.ts";
import { changeExportJob, type ExportJob } from "./change.ts";

/**
 * Cancels a job that is QUEUED or RUNNING, and writes the event. Returns undefined if there is nothing to cancel.
 *
 * Cancellation takes precedence (docs/api.md §2): a worker's later write finds the job CANCELED and changes nothing. The
 * worker's next heartbeat then stops the export.
 */
export const cancelExportJob = (
  tx: Transaction,
  id: string,
  by: Actor,
): Promise<ExportJob | undefined> =>
  changeExportJob(tx, {
    job: { id },
    action: "cancel",
    set: [Prisma.sql`finished_at = now()`],
    by,
  });
