import type { Loader } from "./loader.ts";
import { duplicateKeys, FIRST_FAULTS, missingInNew, updateChanged, updateGiven } from "./sql.ts";

export const feeVariances: Loader = {
  // Source and transaction together identify the transaction. If a row omits one of them, the existing record's value applies.
  resolve: ({ context }) => [
    `CREATE TEMP TABLE ingest_fees ON COMMIT DROP AS
     SELECT r.line, r.external_id, f.id, r.source_id, r.transaction,
            coalesce(r.source_id, f.source_id) AS effective_source_id,
            coalesce(r.transaction, existing.external_id) AS effective_transaction,
            t.id AS transaction_id, r.fee_schedule_id, r.fee_schedule_name, r.currency, r.expected, r.actual
     FROM ingest_rows r
     LEFT JOIN fee_variances f ON f.context_id = ${context} AND f.external_id = r.external_id
     LEFT JOIN transactions existing ON existing.id = f.transaction_id
     LEFT JOIN transactions t ON t.source_id = coalesce(r.source_id, f.source_id)
       AND t.external_id = coalesce(r.transaction, existing.external_id)`,
    "ANALYZE ingest_fees",
  ],

  indexes: ["ingest_fees (id)"],

  checks: () => [
    duplicateKeys("ingest_fees", "fee-variances"),
    missingInNew("ingest_fees", "fee-variances", "r.id IS NULL"),
    `SELECT r.line, 'transaction', format('%s is not a transaction of its source; send the transaction first', to_json(r.effective_transaction))
     FROM ingest_fees r
     WHERE r.transaction_id IS NULL AND r.effective_source_id IS NOT NULL AND r.effective_transaction IS NOT NULL ${FIRST_FAULTS}`,
  ],

  apply: async ({ tenant, context }, run) => {
    const columns = ["fee_schedule_id", "fee_schedule_name", "currency", "expected", "actual"].map(
      updateGiven,
    );
    const resolved = [
      ["source_id", "s.effective_source_id"],
      ["transaction_id", "s.transaction_id"],
    ] as const;
    const updated = await run.execute(
      updateChanged("fee_variances", [...columns, ...resolved], "ingest_fees", "t.id = s.id"),
    );
    const inserted = await run.execute(`
      INSERT INTO fee_variances (tenant_id, context_id, external_id, source_id, transaction_id, fee_schedule_id, fee_schedule_name,
                                 currency, expected, actual, created_at, updated_at)
      SELECT ${tenant}, ${context}, s.external_id, s.effective_source_id, s.transaction_id, s.fee_schedule_id, s.fee_schedule_name,
             s.currency, s.expected, s.actual, statement_timestamp(), statement_timestamp()
      FROM ingest_fees s WHERE s.id IS NULL`);
    return { received: await run.count("ingest_fees"), inserted, updated };
  },
};
