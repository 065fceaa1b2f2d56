import {
  FIRST_FAULTS,
  kept,
  keyTwice,
  missingInNew,
  updateChanged,
  type Loader,
} from "./loader.ts";

export const feeVariances: Loader = {
  columns: `external_id text NOT NULL, source_id uuid, transaction text, fee_schedule_id text, fee_schedule_name text, currency text,
    expected numeric(28, 8), actual numeric(28, 8)`,

  key: "external_id",

  // Source and transaction name the transaction together: where one is left out, the existing record's stands.
  resolve: ({ context }) => [
    `CREATE TEMP TABLE ingest_fees ON COMMIT DROP AS
     SELECT r.line, r.external_id, f.id, r.source_id, r.transaction,
            coalesce(r.source_id, f.source_id) AS of_source, coalesce(r.transaction, own.external_id) AS of_transaction,
            t.id AS transaction_id, r.fee_schedule_id, r.fee_schedule_name, r.currency, r.expected, r.actual
     FROM ingest_rows r
     LEFT JOIN fee_variances f ON f.context_id = ${context} AND f.external_id = r.external_id
     LEFT JOIN transactions own ON own.id = f.transaction_id
     LEFT JOIN transactions t ON t.source_id = coalesce(r.source_id, f.source_id)
       AND t.external_id = coalesce(r.transaction, own.external_id)`,
    "ANALYZE ingest_fees",
  ],

  indexes: ["ingest_fees (id)"],

  checks: () => [
    keyTwice("ingest_fees", ["external_id"], "externalId"),
    missingInNew(
      "ingest_fees",
      [
        ["source_id", "source"],
        ["transaction", "transaction"],
        ["fee_schedule_id", "feeScheduleId"],
        ["fee_schedule_name", "feeScheduleName"],
        ["currency", "currency"],
        ["expected", "expected"],
        ["actual", "actual"],
      ],
      "r.id IS NULL",
    ),
    `SELECT r.line, 'transaction', format('%s is no transaction of its source; send the transaction first', to_json(r.of_transaction))
     FROM ingest_fees r
     WHERE r.transaction_id IS NULL AND r.of_source IS NOT NULL AND r.of_transaction IS NOT NULL ${FIRST_FAULTS}`,
  ],

  apply: async ({ tenant, context }, run) => {
    const columns = ["fee_schedule_id", "fee_schedule_name", "currency", "expected", "actual"].map(
      kept,
    );
    const named = [
      ["source_id", "s.of_source"],
      ["transaction_id", "s.transaction_id"],
    ] as const;
    const updated = await run.rows(
      updateChanged("fee_variances", [...columns, ...named], "ingest_fees", `t.id = s.id`),
    );
    const inserted = await run.rows(`
      INSERT INTO fee_variances (tenant_id, context_id, external_id, source_id, transaction_id, fee_schedule_id, fee_schedule_name,
                                 currency, expected, actual, created_at, updated_at)
      SELECT ${tenant}, ${context}, s.external_id, s.of_source, s.transaction_id, s.fee_schedule_id, s.fee_schedule_name,
             s.currency, s.expected, s.actual, statement_timestamp(), statement_timestamp()
      FROM ingest_fees s WHERE s.id IS NULL`);
    return { received: await run.count("ingest_fees"), inserted, updated };
  },
};
