import type pg from "pg";
import type { Batch, Cursor, DataMigration } from "./data.ts";

const ZERO = "00000000-0000-0000-0000-000000000000";

/**
 * Counts the rows that were there before a counter. A batch is one context. It only reads the context's rows, and blocks nobody:
 * a statement compares rows and counters in one snapshot, and inserts the difference (prisma/migrations/20261127200000_counters).
 *
 * @param name of the data migration: readers pass it to the SQL function is_data_migrated.
 */
const recountOf = (name: string): DataMigration => ({
  name,
  migrateBatch: async (tx: pg.ClientBase, after: Cursor | undefined): Promise<Batch> => {
    const { rows: contexts } = await tx.query<{ tenant: string; id: string }>(
      `SELECT tenant_id AS tenant, id FROM contexts WHERE (tenant_id, id) > ($1::uuid, $2::uuid)
       ORDER BY tenant_id, id LIMIT 1`,
      [after?.["tenant"] ?? ZERO, after?.["id"] ?? ZERO],
    );
    const [next] = contexts;
    if (next === undefined) return { rows: 0 };
    const repaired = await tx.query("SELECT FROM repair_counters($1, $2)", [next.tenant, next.id]);
    return { rows: repaired.rowCount ?? 0, next };
  },
});

export const counters = recountOf("counters");

/** The counters of `matched_items`, which were added later. */
export const matchedItemCounters = recountOf("matched-item-counters");
