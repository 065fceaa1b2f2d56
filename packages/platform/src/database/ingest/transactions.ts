import {
  FIRST_FAULTS,
  kept,
  keyTwice,
  missingInNew,
  updateChanged,
  type Loader,
  type Scope,
} from "./loader.ts";

/** The existing transaction of a staged row. */
const same = ({ tenant }: Scope, row: string): string =>
  `t.tenant_id = ${tenant} AND t.source_id = ${row}.source_id AND t.external_id = ${row}.external_id`;

/** Matched wins: a mark takes effect on a transaction that no group has, and `UNMATCHED` takes it back. */
const STATUS = [
  "status",
  "CASE WHEN t.status = 'MATCHED' THEN 'MATCHED' ELSE coalesce(s.status, t.status) END",
] as const;

export const transactions: Loader = {
  columns: `source_id uuid NOT NULL, external_id text NOT NULL, amount numeric(28, 8), currency text, date timestamptz(3),
    description text, status text`,

  resolve: () => [],

  checks: (scope) => [
    keyTwice("ingest_rows", ["source_id", "external_id"], "externalId"),
    missingInNew(
      "ingest_rows",
      [
        ["amount", "amount"],
        ["currency", "currency"],
        ["date", "date"],
      ],
      `NOT EXISTS (SELECT FROM transactions t WHERE ${same(scope, "r")})`,
    ),
    // Only what a CONFIRMED group has is MATCHED, so that nothing else needs a look at the groups.
    `SELECT r.line, 'amount', format('must be at least %s (without its sign): so much of it is allocated to confirmed match groups',
            trim_scale(allocated.amount))
     FROM ingest_rows r
     JOIN transactions t ON ${same(scope, "r")}
     CROSS JOIN LATERAL (
       SELECT sum(abs(i.amount)) AS amount
       FROM match_group_items i
       JOIN match_groups g ON g.tenant_id = ${scope.tenant} AND g.id = i.match_group_id AND g.status = 'CONFIRMED'
       WHERE i.tenant_id = ${scope.tenant} AND i.transaction_id = t.id) allocated
     WHERE t.status = 'MATCHED' AND abs(r.amount) < abs(t.amount) AND abs(r.amount) < allocated.amount ${FIRST_FAULTS}`,
  ],

  apply: async (scope, run) => {
    const columns = ["amount", "currency", "date", "description"].map(kept);
    const updated = await run.rows(
      updateChanged("transactions", [...columns, STATUS], "ingest_rows", same(scope, "s")),
    );
    // No ON CONFLICT: the lock of the context keeps every other ingest out, and no row comes twice.
    const inserted = await run.rows(`
      INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date, description, status, created_at, updated_at)
      SELECT ${scope.tenant}, ${scope.context}, s.source_id, s.external_id, s.amount, s.currency, s.date, s.description,
             coalesce(s.status, 'UNMATCHED'), statement_timestamp(), statement_timestamp()
      FROM ingest_rows s
      WHERE NOT EXISTS (SELECT FROM transactions t WHERE ${same(scope, "s")})`);
    return { received: await run.count("ingest_rows"), inserted, updated };
  },
};
