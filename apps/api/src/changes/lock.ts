import { Prisma, type Transaction } from "@docket/platform/database";

/** A row that is locked, and when. */
export type Lock = { readonly id: string; readonly now: Date };

/**
 * Locks rows until the end of the transaction, so that their changes are serialized. Unknown IDs are left out. The rows are
 * locked in the order of their IDs, so that two transactions which lock several rows cannot deadlock.
 *
 * Read a row only after it is locked, to see what the previous holder committed.
 */
export const lockRows = (
  tx: Transaction,
  table: "disputes" | "exceptions",
  ids: readonly string[],
): Promise<Lock[]> =>
  tx.$queryRaw<Lock[]>`
    SELECT id, clock_timestamp() AS now FROM ${Prisma.raw(table)}
    WHERE id = ANY (${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`;

/**
 * The instant of the next change of a locked row: at least one millisecond after the previous one, even if the clock goes
 * backwards, so that a history is ordered like the locks.
 */
export const instantAfter = ({ now }: Lock, { updatedAt }: { readonly updatedAt: Date }): Date =>
  new Date(Math.max(now.getTime(), updatedAt.getTime() + 1));
