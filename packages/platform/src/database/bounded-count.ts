import type pg from "pg";
import { plainTransaction } from "./plain-transaction.ts";
import { estimateRows } from "./snapshot.ts";

export type BoundedCount = {
  readonly rows: number;
  /** False if counting took too long: `rows` is then the planner's estimate. */
  readonly exact: boolean;
};

/** SQLSTATE: canceled by the statement timeout. */
const TIMED_OUT = "57014";

/**
 * Counts rows for at most `timeoutMs`.
 *
 * @param countSql a SELECT of one text column, `count`.
 * @param rowsSql the SELECT of the rows that it counts.
 */
export async function countWithin(
  pool: pg.Pool,
  { countSql, rowsSql }: { readonly countSql: string; readonly rowsSql: string },
  timeoutMs: number,
): Promise<BoundedCount> {
  try {
    const limit = `SET LOCAL statement_timeout = ${timeoutMs}`;
    const counted = await plainTransaction(pool, limit, (client) =>
      client.query<{ count: string }>(countSql),
    );
    return { rows: Number(counted.rows[0]?.count), exact: true };
  } catch (error) {
    if ((error as { code?: unknown }).code !== TIMED_OUT) throw error;
    return { rows: Math.round(await estimateRows(pool, rowsSql)), exact: false };
  }
}
