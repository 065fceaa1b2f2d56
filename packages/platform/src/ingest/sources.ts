import type pg from "pg";

/**
 * Maps the IDs and the names of a context's sources to the source's ID. If one source's name is another source's ID, the ID
 * wins. Sources are never renamed or deleted, so the map stays valid during an ingest.
 *
 * @returns undefined if the current tenant has no such context.
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
