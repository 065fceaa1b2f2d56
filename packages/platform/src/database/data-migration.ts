import { escapeLiteral } from "pg";

/** Runs a SELECT and resolves with its rows. */
type Select = <Row extends object>(sql: string) => Promise<readonly Row[]>;

/**
 * Those of the named data migrations (packages/migrations) that have not finished. Only when one has finished can all rows which it
 * changes be relied on.
 */
export async function unfinishedMigrations(
  select: Select,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const wanted = names.map((name) => escapeLiteral(name)).join(", ");
  const sql = `SELECT name FROM unnest(ARRAY[${wanted}]) name WHERE NOT is_data_migrated(name)`;
  return new Set((await select<{ name: string }>(sql)).map(({ name }) => name));
}
