import { withTenant } from "@docket/platform/database";
import {
  takeUncommittedObjects,
  isExportObjectInUse,
  orphanAbandonedUpload,
  recordSweep,
  type ObjectOwner,
  type OwnedObject,
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

  const isOrphan = {
    "export-job": async ({ key, owner }) =>
      !(await isExportObjectInUse(prisma, { id: owner.id, key })),
    evidence: (object) => orphanAbandonedUpload(prisma, object),
    orphan: async () => true,
  } as const satisfies Record<ObjectOwner["kind"], (object: OwnedObject) => Promise<boolean>>;

  /** Returns true for the first deletion of an orphan. */
  const sweep = async ({ key, owner }: UncommittedObject): Promise<boolean> => {
    // A newer version may know more kinds of owners: leave their objects alone.
    if (owner === undefined || !(await isOrphan[owner.kind]({ key, owner }))) return false;
    await deleteObject(storage, key);
    // Last, so that the next run repeats a deletion that was interrupted.
    return recordSweep(prisma, key);
  };

  return {
    name: "orphan-sweeper",
    run: async (signal) => {
      const objects = await takeUncommittedObjects(pool, LIMIT);
      const swept = await sweepRows(objects, { logger, signal }, (object) =>
        withTenant(object.tenantId, () => sweep(object)),
      );
      return swept > 0 ? { swept } : undefined;
    },
  };
}
