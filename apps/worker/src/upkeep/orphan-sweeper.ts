import type { Logger } from "@docket/platform";
import { withTenant, type Database } from "@docket/platform/database";
import type { Storage } from "@docket/platform/storage";
import { clearObject } from "./clear-object.ts";
import { countDone } from "./each-row.ts";
import type { UpkeepTask } from "./timer.ts";

type Uncommitted = { tenant_id: string; key: string; owner: string };

const MOST = 500;

/**
 * How long the note of a lost object stays after its object was deleted first, and how often the deletion is repeated until then.
 *
 * The store has no fence: a request that a killed, frozen or cut-off process had sent may be carried out after the deletion, and a
 * process that was frozen past its lease may send one when it wakes up. Such an object is found again only by its note. No store
 * and no proxy holds a request for a quarter of an hour; a process that wakes up even later stops itself within a second.
 */
const LATE_MINUTES = 15;
const REPEAT_SECONDS = 30;

/**
 * Clears away what a killed worker left in the store: objects and unfinished uploads that were begun and never committed,
 * and whose claim is over. The note of an object is written before its first byte, so nothing can be stored that is not found here.
 */
export function orphanSweeper(
  { prisma, pool }: Pick<Database, "prisma" | "pool">,
  storage: Storage,
  logger: Logger,
): UpkeepTask {
  /** True while the claim that writes the object may still be at work, or when its file is the job's. */
  const isOwned = async (jobId: string, key: string): Promise<boolean> => {
    const claim = Number(/\/(\d+)-[A-Z]+\.[a-z]+$/.exec(key)?.[1]);
    const owners = await prisma.exportJob.count({
      where: { id: jobId, OR: [{ objectKey: key }, { status: "RUNNING", claim }] },
    });
    return owners > 0;
  };

  /**
   * True once an upload's object is given up. Renaming its note is the fence: the upload commits only what is still its own, so
   * that one that wakes up late finds nothing to commit. The API takes no longer than 10 minutes and a commit for an upload.
   */
  const isGivenUp = async (key: string, owner: string, id: string): Promise<boolean> => {
    const renamed = await prisma.$executeRaw`
      UPDATE stored_objects SET owner = ${`orphan:${id}`}
      WHERE key = ${key} AND owner = ${owner} AND committed_at IS NULL AND created_at < now() - interval '15 minutes'`;
    return renamed === 1;
  };

  const mayGo = async (key: string, owner: string): Promise<boolean> => {
    const [kind, id] = owner.split(":");
    if (id === undefined) return false;
    if (kind === "export_job") return !(await isOwned(id, key));
    if (kind === "evidence") return isGivenUp(key, owner, id);
    // Given up, by the upload itself or in a turn that was cut short.
    return kind === "orphan";
  };

  /** Lets the note go when the object has been lost for long enough to be deleted for the last time. */
  const forget = async (key: string): Promise<boolean> => {
    const forgotten = await prisma.$executeRaw`
      DELETE FROM stored_objects
      WHERE key = ${key} AND committed_at IS NULL AND lost_at < now() - make_interval(mins => ${LATE_MINUTES}::int)`;
    return forgotten === 1;
  };

  const remember = async (key: string): Promise<boolean> => {
    const [note] = await prisma.$queryRaw<{ fresh: boolean }[]>`
      UPDATE stored_objects SET lost_at = coalesce(lost_at, now()), swept_at = now()
      WHERE key = ${key} AND committed_at IS NULL
      RETURNING lost_at = swept_at AS fresh`;
    return note?.fresh === true;
  };

  /** True when the object was given up just now: what follows are repetitions. */
  const sweep = async ({ key, owner }: Uncommitted): Promise<boolean> => {
    if (!(await mayGo(key, owner))) return false;
    await clearObject(storage, key);
    // Last, so that a crash before it leaves the note as it was, for the next turn.
    return !(await forget(key)) && remember(key);
  };

  return {
    name: "orphan-sweeper",
    run: async () => {
      const { rows } = await pool.query<Uncommitted>(
        "SELECT tenant_id, key, owner FROM upkeep_uncommitted_objects(now() - interval '5 s', now() - make_interval(secs => $1), $2)",
        [REPEAT_SECONDS, MOST],
      );
      const swept = await countDone(rows, logger, (row) =>
        withTenant(row.tenant_id, () => sweep(row)),
      );
      return swept > 0 ? { swept } : undefined;
    },
  };
}
