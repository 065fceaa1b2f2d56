import { withTenant } from "@docket/platform/database";
import { expireExportJob, takeExpiredExportJobs } from "@docket/platform/rows";
import { reportChange } from "./report-change.ts";
import { deleteObject, sweepRows, type SweeperTools } from "./sweeper.ts";
import type { UpkeepTask } from "./timer.ts";

/** Jobs per run. */
const LIMIT = 500;

/** Deletes the files whose retention has passed, and marks their jobs EXPIRED. */
export function retentionSweeper(tools: SweeperTools): UpkeepTask {
  const { database, storage, logger } = tools;
  const expire = async (id: string): Promise<boolean> => {
    const job = await expireExportJob(database, id, (key) => deleteObject(storage, key));
    if (job !== undefined) reportChange(tools, job, "export job expired");
    return job !== undefined;
  };

  return {
    name: "retention-sweeper",
    run: async (signal) => {
      const jobs = await takeExpiredExportJobs(database.pool, LIMIT);
      const expired = await sweepRows(jobs, { logger, signal }, ({ tenantId, id }) =>
        withTenant(tenantId, () => expire(id)),
      );
      return expired > 0 ? { expired } : undefined;
    },
  };
}
