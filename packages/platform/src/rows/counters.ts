import {
  Prisma,
  unfinishedMigrations,
  type Database,
  type Transaction,
} from "../database/index.ts";

/**
 * Adds at most `limit` changes of counters of all tenants to the counters, in one transaction, and returns how many: 0 if there
 * are none, or if another worker adds them. The values of the counters stay the same (docs/decisions/0015).
 */
export async function foldCounters(
  pool: Pick<Database["pool"], "query">,
  limit: number,
): Promise<number> {
  const { rows } = await pool.query<{ folded: number }>(
    "SELECT upkeep_fold_counters($1) AS folded",
    [limit],
  );
  return rows[0]?.folded ?? 0;
}

/**
 * The relation to read counters from; several rows of a counter are to be summed. Until the data migration has finished, it counts.
 * A separate statement decides, because the plan of both would be expensive.
 */
export async function countersRelation(tx: Transaction): Promise<Prisma.Sql> {
  const select = <Row extends object>(sql: string): Promise<readonly Row[]> =>
    tx.$queryRawUnsafe<Row[]>(sql);
  const unfinished = await unfinishedMigrations(select, ["counters"]);
  return Prisma.raw(unfinished.size === 0 ? "stored_counters" : "recounted_counters");
}
