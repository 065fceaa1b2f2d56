import type { Loader } from "./loader.ts";
import { duplicateKeys, FIRST_FAULTS, type FaultQuery } from "./sql.ts";

export const matchGroups: Loader = {
  // A row whose `path` is null has no item. A group without any item keeps the items that it has.
  resolve: ({ context }) => [
    `CREATE TEMP TABLE ingest_groups ON COMMIT DROP AS
     SELECT r.*, g.id AS old_id, coalesce(g.id, uuid_v7()) AS id
     FROM (SELECT external_id, min(line) AS line, max(line) AS last_line, max(status) AS status, max(rule) AS rule,
                  max(confidence) AS confidence, bool_or(path IS NOT NULL) AS has_items
           FROM ingest_rows GROUP BY external_id) r
     LEFT JOIN match_groups g ON g.context_id = ${context} AND g.external_id = r.external_id`,
    "ANALYZE ingest_groups",
    `CREATE TEMP TABLE ingest_items ON COMMIT DROP AS
     SELECT r.line, r.path, r.transaction, r.currency, g.id AS match_group_id, g.old_id IS NULL AS is_new,
            t.id AS transaction_id, coalesce(r.amount, t.amount) AS amount, t.currency AS transaction_currency
     FROM ingest_rows r
     JOIN ingest_groups g USING (external_id)
     LEFT JOIN transactions t ON t.source_id = r.source_id AND t.external_id = r.transaction
     WHERE r.path IS NOT NULL`,
    "ANALYZE ingest_items",
    // Transactions whose status may change: the current and the future items of these groups.
    `CREATE TEMP TABLE ingest_touched ON COMMIT DROP AS
     SELECT transaction_id FROM ingest_items WHERE transaction_id IS NOT NULL
     UNION
     SELECT i.transaction_id FROM ingest_groups g JOIN match_group_items i ON i.match_group_id = g.old_id`,
    "ANALYZE ingest_touched",
  ],

  indexes: [
    "ingest_groups (external_id)",
    "ingest_groups (id)",
    "ingest_groups (old_id)",
    "ingest_items (match_group_id, transaction_id)",
    "ingest_touched (transaction_id)",
  ],

  checks: (_scope, { linesShareRecords }) => [
    linesShareRecords
      ? CONFLICTING_LINES
      : duplicateKeys("(SELECT DISTINCT line, external_id FROM ingest_rows)", "match-groups"),
    `SELECT g.line, 'items', 'is required in a new match group'
     FROM ingest_groups g WHERE g.old_id IS NULL AND NOT g.has_items ${FIRST_FAULTS}`,
    `SELECT i.line, i.path || 'transaction', format('%s is not a transaction of this source; send the transaction first', to_json(i.transaction))
     FROM ingest_items i WHERE i.transaction_id IS NULL ${FIRST_FAULTS}`,
    `SELECT i.line, i.path || 'currency', format('must be the currency of the transaction, %s; amounts are not converted', i.transaction_currency)
     FROM ingest_items i WHERE i.currency <> i.transaction_currency ${FIRST_FAULTS}`,
    `SELECT line, path || 'transaction', format('%s occurs twice in this match group; send it once, with the total amount', to_json(transaction))
     FROM (SELECT i.line, i.path, i.transaction, row_number() OVER (PARTITION BY match_group_id, transaction_id ORDER BY i.line, i.path) AS nth
           FROM ingest_items i
           JOIN (SELECT match_group_id, transaction_id FROM ingest_items
                 GROUP BY match_group_id, transaction_id HAVING count(*) > 1) repeated USING (match_group_id, transaction_id)) item
     WHERE nth > 1 ${FIRST_FAULTS}`,
  ],

  apply: async (scope, run) => {
    const { tenant, context } = scope;
    const inserted = await run.execute(`
      INSERT INTO match_groups (tenant_id, context_id, id, external_id, status, rule, confidence, created_at, updated_at)
      SELECT ${tenant}, ${context}, id, external_id, coalesce(status, 'CONFIRMED'), rule, confidence, statement_timestamp(), statement_timestamp()
      FROM ingest_groups WHERE old_id IS NULL`);
    await run.execute(`
      INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
      SELECT ${tenant}, match_group_id, transaction_id, amount FROM ingest_items WHERE is_new`);
    const existing = await run.count("ingest_groups WHERE old_id IS NOT NULL");
    const updated = existing === 0 ? 0 : await run.execute(updateGroups(tenant));
    await run.execute(SUM_ALLOCATIONS);
    await run.execute("ANALYZE ingest_allocated");
    if (!(await run.findFaults(OVER_ALLOCATED))) await run.execute(SET_STATUSES);
    return { received: await run.count("ingest_groups"), inserted, updated };
  },
};

/** Finds CSV lines of one group that disagree. A blank cell agrees with any value. */
const CONFLICTING_LINES: FaultQuery = ["status", "rule", "confidence"]
  .map(
    (column) => `
  (SELECT max(r.line) FILTER (WHERE r.${column} IS NOT NULL) AS line, '${column}', 'differs between the lines of this match group; send the same value on each line, or on one line only'
   FROM ingest_rows r GROUP BY r.external_id HAVING min(r.${column}) <> max(r.${column}) ${FIRST_FAULTS})`,
  )
  .join(" UNION ALL ");

/** Updates existing groups and their items; the row count is the number of groups that changed. */
const updateGroups = (tenant: string): string => `
  WITH removed AS (
    DELETE FROM match_group_items i USING ingest_groups g
    WHERE g.has_items AND i.match_group_id = g.old_id
      AND NOT EXISTS (SELECT FROM ingest_items n WHERE n.match_group_id = i.match_group_id AND n.transaction_id = i.transaction_id)
    RETURNING i.match_group_id
  ), resized AS (
    UPDATE match_group_items i SET amount = n.amount FROM ingest_items n
    WHERE NOT n.is_new AND i.match_group_id = n.match_group_id AND i.transaction_id = n.transaction_id
      AND i.amount <> n.amount
    RETURNING i.match_group_id
  ), added AS (
    INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
    SELECT ${tenant}, n.match_group_id, n.transaction_id, n.amount FROM ingest_items n
    WHERE NOT n.is_new AND NOT EXISTS (SELECT FROM match_group_items i
      WHERE i.match_group_id = n.match_group_id AND i.transaction_id = n.transaction_id)
    RETURNING match_group_id
  ), changed AS (
    SELECT match_group_id FROM removed UNION SELECT match_group_id FROM resized UNION SELECT match_group_id FROM added
  )
  UPDATE match_groups t
  SET status = coalesce(s.status, t.status), rule = coalesce(s.rule, t.rule), confidence = coalesce(s.confidence, t.confidence),
      updated_at = statement_timestamp()
  FROM ingest_groups s
  LEFT JOIN changed ON changed.match_group_id = s.old_id
  WHERE t.id = s.old_id
    AND (changed.match_group_id IS NOT NULL
      OR (coalesce(s.status, t.status), coalesce(s.rule, t.rule), coalesce(s.confidence, t.confidence))
         IS DISTINCT FROM (t.status, t.rule, t.confidence))`;

/** The absolute amount that CONFIRMED groups allocate of each transaction; null if no such group has it. */
const SUM_ALLOCATIONS = `
  CREATE TEMP TABLE ingest_allocated ON COMMIT DROP AS
  SELECT touched.transaction_id, sum(abs(i.amount)) AS amount
  FROM ingest_touched touched
  LEFT JOIN (match_group_items i JOIN match_groups g ON g.id = i.match_group_id AND g.status = 'CONFIRMED')
    ON i.transaction_id = touched.transaction_id
  GROUP BY touched.transaction_id`;

/** Finds transactions whose allocations exceed their amount. The fault is reported on the last line that contributes. */
const OVER_ALLOCATED: FaultQuery = `
  SELECT line, path || 'amount', format('allocates too much: confirmed match groups allocate %s of transaction %s, whose amount is %s (absolute values)',
         trim_scale(allocated), to_json(external_id), trim_scale(abs(amount)))
  FROM (
    SELECT DISTINCT ON (t.id) a.amount AS allocated, t.amount, t.external_id,
           coalesce(n.line, s.last_line) AS line, coalesce(n.path, 'items.') AS path
    FROM ingest_allocated a
    JOIN transactions t ON t.id = a.transaction_id AND a.amount > abs(t.amount)
    JOIN match_group_items i ON i.transaction_id = t.id
    JOIN ingest_groups s ON s.id = i.match_group_id
    JOIN match_groups g ON g.id = s.id AND g.status = 'CONFIRMED'
    LEFT JOIN ingest_items n ON n.match_group_id = i.match_group_id AND n.transaction_id = i.transaction_id
    ORDER BY t.id, coalesce(n.line, s.last_line) DESC) over_allocated
  ${FIRST_FAULTS}`;

/** A transaction in a CONFIRMED group is MATCHED; one that left its last CONFIRMED group is UNMATCHED. Other marks stay. */
const SET_STATUSES = `
  UPDATE transactions t SET status = CASE WHEN s.amount IS NULL THEN 'UNMATCHED' ELSE 'MATCHED' END, updated_at = statement_timestamp()
  FROM ingest_allocated s
  WHERE t.id = s.transaction_id AND (s.amount IS NOT NULL) <> (t.status = 'MATCHED')`;
