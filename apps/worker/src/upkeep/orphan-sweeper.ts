import { withTenant } from "@docket/platform/database";
import {
  findUncommittedObjects,
  isExportObjectInUse,
  orphanAbandonedUpload,
  recordSweep,
  type UncommittedObject,
} from "@docket/platform/rows";
import { deleteObject, sweepRows, type SweeperTools } from "./sweeper.ts";
import type { UpkeepTask } from "./timer.ts";

/** Objects per run. */
const LIMIT = 500;

/**
 * Deletes the objects and unfinished uploads that were registered and never committed, once their claim or upload is over. An
 * object is registered before its first byte, so that none escapes.
 */
export function orphanSweeper({ database, storage, logger }: SweeperTools): UpkeepTask {
  const { prisma, pool } = database;

  const isOrphan = async ({ key, owner }: UncommittedObject): Promise<boolean> => {
    switch (owner?.kind) {
      case "export-job":
        return !(await isExportObjectInUse(prisma, { id: owner.id, key }));
      case "evidence":
        return orphanAbandonedUpload(prisma, { key, owner });
      case "orphan":
        return true;
      case undefined:
        // Written by a newer version.
        return false;
    }
  };

  /** Returns true for the first deletion of an orphan. */
  const sweep = async (object: UncommittedObject): Promise<boolean> => {
    if (!(await isOrphan(object))) return false;
    await deleteObject(storage, object.key);
    // Last, so that the next run repeats a deletion that was interrupted.
    return recordSweep(prisma, object.key);
  };

  return {
    name: "orphan-sweeper",
    run: async () => {
      const objects = await findUncommittedObjects(pool, LIMIT);
      const swept = await sweepRows(objects, logger, (object) =>
        withTenant(object.tenantId, () => sweep(object)),
      );
      return swept > 0 ? { swept } : undefined;
    },
  };
}
