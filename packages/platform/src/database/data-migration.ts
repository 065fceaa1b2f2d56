import { escapeLiteral } from "pg";

/** Runs a SELECT and resolves with its rows. */
type Select = <Row extends object>(sql: string) => Promise<readonly Row[]>;

/**
 * True if a data migration (packages/migrations) has finished, so that all rows which it changes can be relied on.
 *
 * @param name undefined: there is none to wait for.
 */
export async function isDataMigrated(select: Select, name: string | undefined): Promise<boolean> {
  if (name === undefined) return true;
  const sql = `SELECT is_data_migrated(${escapeLiteral(name)}) AS migrated`;
  return (await select<{ migrated: boolean }>(sql))[0]?.migrated === true;
}
