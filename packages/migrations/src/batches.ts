import type { DataMigration } from "./data.ts";

/** Rows per batch: their locks are held for some tens of milliseconds. */
const BATCH = 2_000;

const FIRST = "00000000-0000-0000-0000-000000000000";

type Options = {
  readonly name: string;
  /** A table with the primary key (tenant_id, id). */
  readonly table: string;
  /** True for a row that is still to be migrated. */
  readonly pending: string;
  /** An UPDATE of the rows of the relation `batch (tenant_id, id)`. */
  readonly update: string;
};

/**
 * A data migration that walks through a table by its primary key. It locks the rows of a batch in the order of their IDs, as the
 * API does, so that the two cannot deadlock. An API of a previous release may lock them in another order: a batch that a deadlock ends runs
 * again. A row that another process has filled in meanwhile stays as it is.
 */
export const inBatches = ({ name, table, pending, update }: Options): DataMigration => ({
  name,
  migrateBatch: async (tx, after) => {
    const { rows } = await tx.query<{ tenant: string; id: string }>(
      `WITH batch AS MATERIALIZED (
         SELECT tenant_id, id FROM ${table}
         WHERE (tenant_id, id) > ($1::uuid, $2::uuid) AND ${pending}
         ORDER BY tenant_id, id LIMIT $3 FOR UPDATE),
       updated AS (${update})
       SELECT tenant_id AS tenant, id FROM batch ORDER BY tenant_id, id`,
      [after?.["tenant"] ?? FIRST, after?.["id"] ?? FIRST, BATCH],
    );
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return { rows: rows.length };
    return { rows: rows.length, next: last };
  },
});
