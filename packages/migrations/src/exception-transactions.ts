import type { DataMigration } from "./data.ts";

/** Rows per batch: their locks are held for some tens of milliseconds. */
const BATCH = 2_000;

const FIRST = "00000000-0000-0000-0000-000000000000";

/**
 * Copies amount, currency and source of its transaction to each exception that the previous release inserted
 * (prisma/migrations/20261127171000_exception_filters).
 */
export const exceptionTransactions: DataMigration = {
  name: "exception-transactions",
  migrateBatch: async (tx, after) => {
    // Locks in the order of the IDs, as the API does. A row that was filled in meanwhile stays as it is.
    const { rows } = await tx.query<{ tenant: string; id: string }>(
      `WITH batch AS MATERIALIZED (
         SELECT tenant_id, id FROM exceptions
         WHERE (tenant_id, id) > ($1::uuid, $2::uuid) AND amount_key = ''
         ORDER BY tenant_id, id LIMIT $3 FOR UPDATE),
       filled AS (
         UPDATE exceptions e
         SET amount_key = amount_key(t.amount), currency = t.currency, source_id = t.source_id
         FROM batch b, transactions t
         WHERE e.tenant_id = b.tenant_id AND e.id = b.id AND t.tenant_id = e.tenant_id AND t.id = e.transaction_id)
       SELECT tenant_id AS tenant, id FROM batch ORDER BY tenant_id, id`,
      [after?.["tenant"] ?? FIRST, after?.["id"] ?? FIRST, BATCH],
    );
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return { rows: rows.length };
    return { rows: rows.length, next: last };
  },
};
