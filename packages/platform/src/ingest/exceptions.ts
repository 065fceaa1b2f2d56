import type { Loader } from "./loader.ts";
import { duplicateKeys, FIRST_FAULTS, missingInNew, updateChanged, updateGiven } from "./sql.ts";

const UPDATABLE = [
  "severity",
  "status",
  "reason",
  "assigned_to",
  "due_at",
  "resolution_type",
  "resolution_notes",
  "created_at",
];

export const exceptions: Loader = {
  resolve: () => [
    `CREATE TEMP TABLE ingest_exceptions ON COMMIT DROP AS
     SELECT r.*, t.id AS transaction_id, e.id
     FROM ingest_rows r
     LEFT JOIN transactions t ON t.source_id = r.source_id AND t.external_id = r.transaction
     LEFT JOIN exceptions e ON e.transaction_id = t.id`,
    "ANALYZE ingest_exceptions",
  ],

  indexes: ["ingest_exceptions (id)"],

  checks: () => [
    duplicateKeys("ingest_exceptions", "exceptions"),
    `SELECT r.line, 'transaction', format('%s is not a transaction of this source; send the transaction first', to_json(r.transaction))
     FROM ingest_exceptions r WHERE r.transaction_id IS NULL ${FIRST_FAULTS}`,
    missingInNew(
      "ingest_exceptions",
      "exceptions",
      "r.id IS NULL AND r.transaction_id IS NOT NULL",
    ),
  ],

  apply: async ({ tenant, context }, run) => {
    const updated = await run.execute(
      updateChanged("exceptions", UPDATABLE.map(updateGiven), "ingest_exceptions", "t.id = s.id"),
    );
    const inserted = await run.execute(`
      INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, status, reason, assigned_to, due_at, resolution_type,
                              resolution_notes, created_at, updated_at)
      SELECT ${tenant}, ${context}, s.transaction_id, s.severity, coalesce(s.status, 'OPEN'), s.reason, s.assigned_to, s.due_at,
             s.resolution_type, s.resolution_notes, coalesce(s.created_at, statement_timestamp()), statement_timestamp()
      FROM ingest_exceptions s WHERE s.id IS NULL`);
    return { received: await run.count("ingest_exceptions"), inserted, updated };
  },
};
