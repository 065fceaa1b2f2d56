import { EXCEPTION_HISTORY_FIELDS } from "@docket/domain";
import type { Loader } from "./loader.ts";
import {
  duplicateKeys,
  FIRST_FAULTS,
  missingInNew,
  updateChanged,
  updateGiven,
  type ColumnUpdate,
} from "./sql.ts";

/** The column of a field. */
const columnOf = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const TRACKED = EXCEPTION_HISTORY_FIELDS.map(columnOf);

const isManual = (field: string): string => `'${field}' = ANY (t.manual_fields)`;

/** A field that follows the feed until a person sets `field`. */
const updateUnlessManual = (column: string, field: string): ColumnUpdate => [
  column,
  `CASE WHEN ${isManual(field)} THEN t.${column} ELSE coalesce(s.${column}, t.${column}) END`,
];

/** Once a person has set the assignee, OPEN and ASSIGNED follow from it. The feed decides about the other statuses. */
const STATUS = `CASE
  WHEN ${isManual("status")} THEN t.status
  WHEN ${isManual("assignedTo")} AND coalesce(s.status, t.status) IN ('OPEN', 'ASSIGNED')
    THEN CASE WHEN t.assigned_to IS NULL THEN 'OPEN' ELSE 'ASSIGNED' END
  ELSE coalesce(s.status, t.status) END`;

/** What the feed leaves to people (docs/api.md §8). The resolution belongs to the status. */
const UPDATES: readonly ColumnUpdate[] = [
  updateUnlessManual("severity", "severity"),
  ["status", STATUS],
  updateGiven("reason"),
  updateUnlessManual("assigned_to", "assignedTo"),
  updateUnlessManual("due_at", "dueAt"),
  updateUnlessManual("resolution_type", "status"),
  updateUnlessManual("resolution_notes", "status"),
  updateGiven("created_at"),
];

/** What follows from a change. A row that the previous release resolved has no `resolved_at`. */
const CONSEQUENCES: readonly ColumnUpdate[] = [
  ["version", "t.version + 1"],
  [
    "resolved_at",
    `CASE WHEN ${STATUS} <> 'RESOLVED' THEN NULL
          WHEN t.status = 'RESOLVED' THEN coalesce(t.resolved_at, t.updated_at)
          ELSE statement_timestamp() END`,
  ],
];

/**
 * Locks the rows that will change, in the order of their IDs, as bulk actions do: the two cannot deadlock. The values are those
 * that were read under the lock, and so the history's `from`.
 */
const LOCK_CHANGING = `
  CREATE TEMP TABLE ingest_changing ON COMMIT DROP AS
  SELECT s.*, t.version AS old_version, ${TRACKED.map((column) => `t.${column} AS old_${column}`).join(", ")}
  FROM exceptions t
  JOIN ingest_exceptions s ON s.id = t.id
  WHERE (${UPDATES.map(([, value]) => value).join(", ")}) IS DISTINCT FROM (${UPDATES.map(([column]) => `t.${column}`).join(", ")})
  ORDER BY t.id
  FOR UPDATE OF t`;

/** A value in the history. Instants are RFC 3339 in UTC with milliseconds. */
const textOf = (value: string): string =>
  value.endsWith("_at")
    ? `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : value;

/** The history events of the rows that people have worked on. */
const insertEvents = (tenant: string): string => `
  INSERT INTO exception_events (tenant_id, exception_id, version, type, actor, at, changes)
  SELECT ${tenant}, t.id, t.version, 'updated', 'ingest', t.updated_at,
         (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('field', field, 'from', before, 'to', after)) ORDER BY place)
          FROM (VALUES ${EXCEPTION_HISTORY_FIELDS.map(
            (field, place) =>
              `(${place}, '${field}', ${textOf(`s.old_${columnOf(field)}`)}, ${textOf(`t.${columnOf(field)}`)})`,
          ).join(", ")}) changed (place, field, before, after)
          WHERE before IS DISTINCT FROM after)
  FROM ingest_changing s
  JOIN exceptions t ON t.id = s.id
  WHERE t.manual_events > 0 AND t.version > s.old_version`;

export const exceptions: Loader = {
  resolve: () => [
    `CREATE TEMP TABLE ingest_exceptions ON COMMIT DROP AS
     SELECT r.*, t.id AS transaction_id, amount_key(t.amount) AS amount_key, t.currency, t.date, e.id
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
    await run.execute(LOCK_CHANGING);
    await run.execute("ANALYZE ingest_changing");
    const updated = await run.execute(
      updateChanged("exceptions", UPDATES, "ingest_changing", "t.id = s.id", CONSEQUENCES),
    );
    await run.execute(insertEvents(tenant));
    const inserted = await run.execute(`
      INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, status, reason, assigned_to, due_at, resolution_type,
                              resolution_notes, resolved_at, amount_key, currency, source_id, date, created_at, updated_at)
      SELECT ${tenant}, ${context}, s.transaction_id, s.severity, coalesce(s.status, 'OPEN'), s.reason, s.assigned_to, s.due_at,
             s.resolution_type, s.resolution_notes, CASE WHEN s.status = 'RESOLVED' THEN statement_timestamp() END,
             s.amount_key, s.currency, s.source_id, s.date, coalesce(s.created_at, statement_timestamp()), statement_timestamp()
      FROM ingest_exceptions s WHERE s.id IS NULL`);
    return { received: await run.count("ingest_exceptions"), inserted, updated };
  },
};
