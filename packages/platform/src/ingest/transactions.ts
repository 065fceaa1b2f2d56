import {
  FIRST_FAULTS,
  kept,
  keyTwice,
  missingInNew,
  updateChanged,
  type Loader,
} from "./loader.ts";

/** The existing transaction `t` of a staged row. */
const same = (row: string): string =>
  `t.source_id = ${row}.source_id AND t.external_id = ${row}.external_id`;

/** Matched wins: a mark takes effect on a transaction that no group has, and `UNMATCHED` takes it back. */
const STATUS = [
  "status",
  "CASE WHEN t.status = 'MATCHED' THEN 'MATCHED' ELSE coalesce(s.status, t.status) END",
] as const;

export const transactions: Loader = {
  columns: `source_id uuid NOT NULL, external_id text NOT NULL, amount numeric(28, 8), currency text, date timestamptz(3),
    description text, status text`,

  key: "source_id, external_id",
  resolve: () => [],
  indexes: [],

  checks: () => [
    keyTwice("ingest_rows", ["source_id", "external_id"], "externalId"),
    missingInNew(
      "ingest_rows",
      [
        ["amount", "amount"],
        ["currency", "currency"],
        ["date", "date"],
      ],
      `NOT EXISTS (SELECT FROM transactions t WHERE ${same("r")})`,
    ),
    // An allocation is in its transaction's currency (contract §5).
    `SELECT r.line, 'currency', format('must stay %s: the transaction is allocated to confirmed match groups', t.currency)
     FROM ingest_rows r
     JOIN transactions t ON ${same("r")}
     WHERE t.status = 'MATCHED' AND r.currency <> t.currency ${FIRST_FAULTS}`,
    // Only what a CONFIRMED group has is MATCHED, so that nothing else needs a look at the groups.
    `SELECT less.line, 'amount', format('must be at least %s (without its sign): so much of it is allocated to confirmed match groups',
            trim_scale(sum(abs(i.amount))))
     FROM (SELECT r.line, r.amount, t.id
           FROM ingest_rows r
           JOIN transactions t ON ${same("r")}
           WHERE t.status = 'MATCHED' AND abs(r.amount) < abs(t.amount)) less
     JOIN match_group_items i ON i.transaction_id = less.id
     JOIN match_groups g ON g.id = i.match_group_id AND g.status = 'CONFIRMED'
     GROUP BY less.line, less.amount
     HAVING sum(abs(i.amount)) > abs(less.amount) ${FIRST_FAULTS}`,
  ],

  apply: async (scope, run) => {
    const columns = ["amount", "currency", "date", "description"].map(kept);
    const updated = await run.rows(
      updateChanged("transactions", [...columns, STATUS], "ingest_rows", same("s")),
    );
    // No ON CONFLICT: the lock of the context keeps every other ingest out, and no row comes twice.
    const inserted = await run.rows(`
      INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date, description, status, created_at, updated_at)
      SELECT ${scope.tenant}, ${scope.context}, s.source_id, s.external_id, s.amount, s.currency, s.date, s.description,
             coalesce(s.status, 'UNMATCHED'), statement_timestamp(), statement_timestamp()
      FROM ingest_rows s
      WHERE NOT EXISTS (SELECT FROM transactions t WHERE ${same("s")})`);
    return { received: await run.count("ingest_rows"), inserted, updated };
  },
};
