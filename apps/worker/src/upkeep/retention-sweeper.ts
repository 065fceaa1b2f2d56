import type { Logger } from "@docket/platform";
import { withTenant, type Database } from "@docket/platform/database";
import type { Storage } from "@docket/platform/storage";
import { clearObject } from "./clear-object.ts";
import { countDone } from "./each-row.ts";
import type { TellChange } from "./tell-change.ts";
import type { UpkeepTask } from "./timer.ts";

const MOST = 500;

/**
 * Ends the life of files whose retention is over: the object first, then the row, so that a crash between the two is
 * mended by doing both again, and no object is ever without a row that leads to it.
 */
export function retentionSweeper(
  { prisma, pool, transaction }: Pick<Database, "prisma" | "pool" | "transaction">,
  storage: Storage,
  logger: Logger,
  tellChange: TellChange,
): UpkeepTask {
  const expire = async (id: string): Promise<boolean> => {
    const job = await prisma.exportJob.findFirst({ where: { id, status: "SUCCEEDED" } });
    if (job === null || job.objectKey === null) return false;
    const { objectKey } = job;
    await clearObject(storage, objectKey);
    const expired = await transaction(async (within) => {
      const { count } = await within.exportJob.updateMany({
        where: { id, status: "SUCCEEDED" },
        data: { status: "EXPIRED" },
      });
      await within.storedObject.deleteMany({ where: { key: objectKey } });
      return count === 1;
    });
    if (expired) tellChange(job, "EXPIRED");
    return expired;
  };

  return {
    name: "retention-sweeper",
    run: async () => {
      const { rows } = await pool.query<{ tenant_id: string; id: string }>(
        "SELECT tenant_id, id FROM upkeep_expired_exports($1)",
        [MOST],
      );
      const expired = await countDone(rows, logger, (row) =>
        withTenant(row.tenant_id, () => expire(row.id)),
      );
      return expired > 0 ? { expired } : undefined;
    },
  };
}
