import type { Loader } from "./loader.ts";
import {
  duplicateKeys,
  FIRST_FAULTS,
  missingInNew,
  updateChanged,
  updateGiven,
  type Scope,
} from "./sql.ts";

/** Joins a staged row with the existing transaction `t`. */
const sameKey = (row: string): string =>
  `t.source_id = ${row}.source_id AND t.external_id = ${row}.external_id`;

/** MATCHED wins over a mark: a mark, or its removal by `UNMATCHED`, applies only to a transaction that is not matched. */
const STATUS = [
  "status",
  "CASE WHEN t.status = 'MATCHED' THEN 'MATCHED' ELSE coalesce(s.status, t.status) END",
] as const;

/**
 * Locks the exceptions to which triggers copy changed amounts, currencies and dates. These would lock them in the order of the update;
 * this is the order of their IDs, as everywhere, so that the ingest and a bulk action cannot deadlock. The first condition is evaluated
 * once, and saves a context without exceptions the join.
 */
const lockExceptions = (context: string): string => `
  SELECT count(*) FROM (
    SELECT FROM exceptions e
    JOIN transactions t ON t.id = e.transaction_id
    JOIN ingest_rows s ON ${sameKey("s")}
    WHERE EXISTS (SELECT FROM exceptions x WHERE x.context_id = ${context}) AND e.context_id = ${context}
      AND (coalesce(s.amount, t.amount) <> t.amount OR coalesce(s.currency, t.currency) <> t.currency
        OR coalesce(s.date, t.date) <> t.date)
    ORDER BY e.id
    FOR NO KEY UPDATE OF e) locked`;

/**
 * Inserts the new transactions. ON CONFLICT is not needed: the context's lock excludes other ingests, and keys are unique within this
 * one.
 *
 * Rows in the order of the date are inserted faster, because neighbours go to the same pages of the indexes that begin with the date;
 * and exports, which read in that order, then read the table in sequence. Their IDs increase in the same order, from one UUIDv7 of
 * the ingest (decision 0020). The last 48 bits are a counter, which starts between 2^47 and 2^47 + 2^46: it always has 12 hex digits.
 */
const insertNew = ({ tenant, context }: Scope): string => `
  WITH first AS MATERIALIZED (SELECT uuid_v7()::text AS id),
    base AS MATERIALIZED (
      SELECT left(id, -12) AS prefix, (1::bigint << 47) + (('x' || right(id, 12))::bit(48)::bigint >> 2) AS number FROM first
    )
  INSERT INTO transactions (tenant_id, context_id, id, source_id, external_id, amount, currency, date, description, status, created_at, updated_at)
  SELECT ${tenant}, ${context}, ((SELECT prefix FROM base) || to_hex((SELECT number FROM base) + row_number() OVER (ORDER BY s.date)))::uuid,
         s.source_id, s.external_id, s.amount, s.currency, s.date, s.description,
         coalesce(s.status, 'UNMATCHED'), statement_timestamp(), statement_timestamp()
  FROM ingest_rows s
  WHERE NOT EXISTS (SELECT FROM transactions t WHERE ${sameKey("s")})
  ORDER BY s.date`;

export const transactions: Loader = {
  resolve: () => [],
  indexes: [],

  checks: () => [
    duplicateKeys("ingest_rows", "transactions"),
    missingInNew(
      "ingest_rows",
      "transactions",
      `NOT EXISTS (SELECT FROM transactions t WHERE ${sameKey("r")})`,
    ),
    // An allocation is in its transaction's currency (docs/api.md §5).
    `SELECT r.line, 'currency', format('must stay %s: the transaction is allocated to confirmed match groups', t.currency)
     FROM ingest_rows r
     JOIN transactions t ON ${sameKey("r")}
     WHERE t.status = 'MATCHED' AND r.currency <> t.currency ${FIRST_FAULTS}`,
    // Only a transaction in a CONFIRMED group is MATCHED, so the groups of all others need not be read.
    `SELECT reduced.line, 'amount', format('must be at least %s (absolute value), the amount that confirmed match groups allocate',
            trim_scale(sum(abs(i.amount))))
     FROM (SELECT r.line, r.amount, t.id
           FROM ingest_rows r
           JOIN transactions t ON ${sameKey("r")}
           WHERE t.status = 'MATCHED' AND abs(r.amount) < abs(t.amount)) reduced
     JOIN match_group_items i ON i.transaction_id = reduced.id
     JOIN match_groups g ON g.id = i.match_group_id AND g.status = 'CONFIRMED'
     GROUP BY reduced.line, reduced.amount
     HAVING sum(abs(i.amount)) > abs(reduced.amount) ${FIRST_FAULTS}`,
  ],

  apply: async (scope, run) => {
    await run.execute(lockExceptions(scope.context));
    const columns = ["amount", "currency", "date", "description"].map(updateGiven);
    const updated = await run.execute(
      updateChanged("transactions", [...columns, STATUS], "ingest_rows", sameKey("s")),
    );
    const inserted = await run.execute(insertNew(scope));
    return { received: run.stagedRows, inserted, updated };
  },
};
