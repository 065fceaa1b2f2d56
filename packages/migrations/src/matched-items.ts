import type pg from "pg";
import type { Batch, Cursor, DataMigration } from "./data.ts";

const BATCH_ROWS = 20_000;

/**
 * Fills `matched_items` from the items that were there before it. Goes through the transactions in the order of the report, so that
 * the rows are stored in that order.
 */
export const matchedItems: DataMigration = {
  // Workers ask the function is_data_migrated for this name.
  name: "matched-items",
  migrateBatch: (tx, after) => migrateBatch(tx, after),
};

/** @param batchRows how many transactions a batch has at most. */
export async function migrateBatch(
  tx: pg.ClientBase,
  after: Cursor | undefined,
  batchRows: number = BATCH_ROWS,
): Promise<Batch> {
  const { rows } = await tx.query<{ tenant: string; context: string }>(FIRST_CONTEXT, [
    ...keyOf(after),
  ]);
  const [first] = rows;
  if (first === undefined) return { rows: 0 };
  const { tenant, context } = first;
  // Excludes ingests into the context until the batch has committed (packages/platform/src/ingest/load.ts): the items of a group
  // that an ingest rejects meanwhile would stay behind.
  await tx.query(LOCK, [tenant, context]);
  const from = after?.["context"] === context ? keyOf(after).slice(2) : BEFORE_ALL.slice(2);
  const batch = await tx.query<{ inserted: string; date: string; id: string }>(BATCH, [
    tenant,
    context,
    ...from,
    batchRows,
  ]);
  const { inserted, date, id } = batch.rows[0] ?? { inserted: "0", date: "infinity", id: ZERO };
  return { rows: Number(inserted), next: { tenant, context, date, id } };
}

const ZERO = "00000000-0000-0000-0000-000000000000";

/** Precedes the key of every transaction. */
const BEFORE_ALL = [ZERO, ZERO, "-infinity", ZERO] as const;

const keyOf = (cursor: Cursor | undefined): readonly string[] =>
  cursor === undefined
    ? BEFORE_ALL
    : [cursor["tenant"]!, cursor["context"]!, cursor["date"]!, cursor["id"]!];

const FIRST_CONTEXT = `
  SELECT tenant_id AS tenant, context_id AS context FROM transactions
  WHERE (tenant_id, context_id, date, id) > ($1::uuid, $2::uuid, $3::timestamptz, $4::uuid)
  ORDER BY tenant_id, context_id, date, id LIMIT 1`;

const LOCK =
  "SELECT pg_advisory_xact_lock(hashtextextended('records ' || $1::uuid || $2::uuid, 0))";

/** Returns no row if the context has no further transactions. */
const BATCH = `
  WITH batch AS MATERIALIZED (
    SELECT tenant_id, context_id, date, id, source_id FROM transactions
    WHERE tenant_id = $1 AND context_id = $2 AND (date, id) > ($3::timestamptz, $4::uuid)
    ORDER BY date, id LIMIT $5
  ), inserted AS (
    INSERT INTO matched_items (tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence)
    SELECT t.tenant_id, t.context_id, t.date, t.id, g.id, t.source_id, i.amount, g.rule, g.confidence
    FROM batch t
    JOIN match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
    JOIN match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id AND g.status = 'CONFIRMED'
    ORDER BY t.date, t.id, g.id
    ON CONFLICT (tenant_id, context_id, date, transaction_id, match_group_id) DO NOTHING
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM inserted) AS inserted, date::text AS date, id
  FROM batch ORDER BY batch.date DESC, batch.id DESC LIMIT 1`;
