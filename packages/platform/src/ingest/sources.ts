import type pg from "pg";

/**
 * What `source` may say in a context's records: the ids of its sources and their names, each with the source's id; an id wins
 * over another source's name. Sources are neither renamed nor deleted, so it stays true while the records arrive.
 * Undefined when this scope's tenant has no such context.
 */
export async function contextSources(
  pool: pg.Pool,
  contextId: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { rows } = await pool.query<{ id: string | null; name: string }>(
    `SELECT s.id, s.name FROM contexts c
     LEFT JOIN sources s ON s.tenant_id = c.tenant_id AND s.context_id = c.id
     WHERE c.id = $1`,
    [contextId],
  );
  if (rows.length === 0) return undefined;
  const sources = rows.filter((row): row is { id: string; name: string } => row.id !== null);
  return new Map([
    ...sources.map(({ id, name }) => [name, id] as const),
    ...sources.map(({ id }) => [id, id] as const),
  ]);
}
