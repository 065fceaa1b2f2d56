import { currentTenant, type Database, type Transaction } from "../database/index.ts";

/*
 * Every object in the store has a row here, inserted before the object's first byte. The transaction that makes the object
 * someone's file also commits this row. The orphan sweeper can therefore find every object that was never committed.
 */

/**
 * What an object belongs to. `id` is the export job's or the evidence's. An orphan is an object that its upload, or the
 * sweeper, has given up: it can no longer be committed.
 */
export type ObjectOwner = {
  readonly kind: "export-job" | "evidence" | "orphan";
  readonly id: string;
};

export type OwnedObject = { readonly key: string; readonly owner: ObjectOwner };

/** An evidence upload must end within this time. The API enforces it. */
export const UPLOAD_DEADLINE_MS = 10 * 60_000;

/**
 * The sweeper gives up an evidence object that was registered longer ago than this and is not committed. Longer than
 * `UPLOAD_DEADLINE_MS`, with time for the commit.
 */
export const UPLOAD_ABANDONED_AFTER_MS = 15 * 60_000;

/**
 * How long after the first deletion of an orphan the deletion is repeated, and how often.
 *
 * The store has no fence: a request of a killed or frozen process may take effect after the deletion. The row is then the only
 * way to find the object. No store and no proxy holds a request for 15 minutes, and a process that wakes up later than that
 * stops itself within a second.
 */
const SWEEP_FOR_MS = 15 * 60_000;
const SWEEP_EVERY_MS = 30_000;

/** The sweeper leaves an object alone for this long after its registration. */
const SETTLE_MS = 5_000;

const KIND_IN_ROW = {
  "export-job": "export_job",
  evidence: "evidence",
  orphan: "orphan",
} as const satisfies Record<ObjectOwner["kind"], string>;

/** The text of an owner in the column `owner`: `evidence:<id>`. */
export const encodeOwner = ({ kind, id }: ObjectOwner): string => `${KIND_IN_ROW[kind]}:${id}`;

/** Returns undefined for a kind that this version does not know. */
export function decodeOwner(text: string): ObjectOwner | undefined {
  const [prefix, id] = text.split(":");
  const kinds = Object.keys(KIND_IN_ROW) as readonly ObjectOwner["kind"][];
  const kind = kinds.find((each) => KIND_IN_ROW[each] === prefix);
  return kind === undefined || id === undefined ? undefined : { kind, id };
}

/** Registers an object. Call it before the first byte is sent to the store. */
export async function registerObject(tx: Transaction, { key, owner }: OwnedObject): Promise<void> {
  await tx.storedObject.create({
    data: { key, tenantId: currentTenant(), owner: encodeOwner(owner) },
  });
}

/** Records the id of the multipart upload in progress. */
export async function recordUploadId(
  tx: Transaction,
  key: string,
  uploadId: string,
): Promise<void> {
  await tx.storedObject.updateMany({ where: { key }, data: { uploadId } });
}

/**
 * Commits an object together with the row that refers to it.
 *
 * @throws Error if the object was given up in the meantime: `tx` must then roll back.
 */
export async function commitObject(tx: Transaction, { key, owner }: OwnedObject): Promise<void> {
  const count = await tx.$executeRaw`
    UPDATE stored_objects SET committed_at = now()
    WHERE key = ${key} AND owner = ${encodeOwner(owner)} AND committed_at IS NULL`;
  if (count !== 1) throw new Error("the stored object was given up before its commit");
}

/**
 * Gives up an object of evidence: of this and a commit at the same moment, one finds that the row has changed and does nothing.
 * Returns the orphan, or undefined if the object is committed or is no longer this owner's.
 */
export async function orphanObject(
  tx: Transaction,
  { key, owner }: OwnedObject,
): Promise<OwnedObject | undefined> {
  const orphan = { kind: "orphan", id: owner.id } as const;
  const { count } = await tx.storedObject.updateMany({
    where: { key, owner: encodeOwner(owner), committedAt: null },
    data: { owner: encodeOwner(orphan) },
  });
  return count === 1 ? { key, owner: orphan } : undefined;
}

/** {@link orphanObject}, for an upload that was registered too long ago to be still in progress. */
export async function orphanAbandonedUpload(
  tx: Transaction,
  { key, owner }: OwnedObject,
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE stored_objects SET owner = ${encodeOwner({ kind: "orphan", id: owner.id })}
    WHERE key = ${key} AND owner = ${encodeOwner(owner)} AND committed_at IS NULL
      AND created_at < now() - make_interval(secs => ${UPLOAD_ABANDONED_AFTER_MS / 1_000}::float8)`;
  return count === 1;
}

/** Deletes the row of an object that was deleted from the store. */
export async function forgetObject(tx: Transaction, { key, owner }: OwnedObject): Promise<void> {
  await tx.storedObject.deleteMany({ where: { key, owner: encodeOwner(owner) } });
}

/** `owner` is undefined if this version does not know its kind. */
export type UncommittedObject = {
  readonly tenantId: string;
  readonly key: string;
  readonly owner: ObjectOwner | undefined;
};

/**
 * The uncommitted objects of all tenants that are due for the sweeper. Each call records an attempt for the objects that it returns,
 * and returns those first that were tried longest ago.
 */
export async function takeUncommittedObjects(
  pool: Database["pool"],
  limit: number,
): Promise<readonly UncommittedObject[]> {
  const { rows } = await pool.query<{ tenant_id: string; key: string; owner: string }>(
    `SELECT tenant_id, key, owner
     FROM upkeep_take_uncommitted_objects(now() - make_interval(secs => $1), now() - make_interval(secs => $2), $3)`,
    [SETTLE_MS / 1_000, SWEEP_EVERY_MS / 1_000, limit],
  );
  return rows.map(({ tenant_id: tenantId, key, owner }) => ({
    tenantId,
    key,
    owner: decodeOwner(owner),
  }));
}

/**
 * Records that an object was deleted from the store. The row is deleted once the deletions have been repeated for long enough.
 * Returns true for the first deletion.
 */
export async function recordSweep(tx: Transaction, key: string): Promise<boolean> {
  const forgotten = await tx.$executeRaw`
    DELETE FROM stored_objects
    WHERE key = ${key} AND committed_at IS NULL
      AND lost_at < now() - make_interval(secs => ${SWEEP_FOR_MS / 1_000}::float8)`;
  if (forgotten === 1) return false;
  const [row] = await tx.$queryRaw<{ isFirst: boolean }[]>`
    UPDATE stored_objects SET lost_at = coalesce(lost_at, now()), swept_at = now()
    WHERE key = ${key} AND committed_at IS NULL
    RETURNING lost_at = swept_at AS "isFirst"`;
  return row?.isFirst === true;
}
