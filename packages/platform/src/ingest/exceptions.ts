import {
  FIRST_FAULTS,
  kept,
  keyTwice,
  missingInNew,
  updateChanged,
  type Loader,
} from "./loader.ts";

export const exceptions: Loader = {
  columns: `source_id uuid NOT NULL, transaction text NOT NULL, severity text, status text, reason text, assigned_to text,
    due_at timestamptz(3), resolution_type text, resolution_notes text, created_at timestamptz(3)`,

  key: "source_id, transaction",

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
    keyTwice("ingest_exceptions", ["source_id", "transaction"], "transaction"),
    `SELECT r.line, 'transaction', format('%s is no transaction of this source; send the transaction first', to_json(r.transaction))
     FROM ingest_exceptions r WHERE r.transaction_id IS NULL ${FIRST_FAULTS}`,
    missingInNew(
      "ingest_exceptions",
      [["severity", "severity"]],
      "r.id IS NULL AND r.transaction_id IS NOT NULL",
    ),
  ],

  apply: async ({ tenant, context }, run) => {
    const names = [
      "severity",
      "status",
      "reason",
      "assigned_to",
      "due_at",
      "resolution_type",
      "resolution_notes",
      "created_at",
    ];
    const updated = await run.rows(
      updateChanged("exceptions", names.map(kept), "ingest_exceptions", `t.id = s.id`),
    );
    const inserted = await run.rows(`
      INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, status, reason, assigned_to, due_at, resolution_type,
                              resolution_notes, created_at, updated_at)
      SELECT ${tenant}, ${context}, s.transaction_id, s.severity, coalesce(s.status, 'OPEN'), s.reason, s.assigned_to, s.due_at,
             s.resolution_type, s.resolution_notes, coalesce(s.created_at, statement_timestamp()), statement_timestamp()
      FROM ingest_exceptions s WHERE s.id IS NULL`);
    return { received: await run.count("ingest_exceptions"), inserted, updated };
  },
};
