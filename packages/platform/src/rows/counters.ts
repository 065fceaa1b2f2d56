import type { Database } from "../database/index.ts";

/**
 * Adds at most `limit` changes of counters of all tenants to the counters, in one transaction, and returns how many: 0 if there
 * are none, or if another worker adds them. The values of the counters stay the same (docs/decisions/0015).
 */
export async function foldCounters(pool: Database["pool"], limit: number): Promise<number> {
  const { rows } = await pool.query<{ folded: number }>(
    "SELECT upkeep_fold_counters($1) AS folded",
    [limit],
  );
  return rows[0]?.folded ?? 0;
}
