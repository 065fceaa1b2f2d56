import { FIRST_FAULTS, keyTwice, type FaultQuery, type Loader } from "./loader.ts";

export const matchGroups: Loader = {
  // `path` is where an item stands in its line; null: the line brings none, and the group keeps those that it has.
  columns: `external_id text NOT NULL, status text, rule text, confidence numeric(5, 2),
    path text, source_id uuid, transaction text, amount numeric(28, 8), currency text`,

  key: "external_id",

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
            t.id AS transaction_id, coalesce(r.amount, t.amount) AS amount, t.currency AS own_currency
     FROM ingest_rows r
     JOIN ingest_groups g USING (external_id)
     LEFT JOIN transactions t ON t.source_id = r.source_id AND t.external_id = r.transaction
     WHERE r.path IS NOT NULL`,
    "ANALYZE ingest_items",
    // Whose status may change: the transactions of these groups, as they were and as they are to be.
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
      ? LINES_AGREE
      : keyTwice(
          "(SELECT DISTINCT line, external_id FROM ingest_rows)",
          ["external_id"],
          "externalId",
        ),
    `SELECT g.line, 'items', 'is required: this match group is not there yet'
     FROM ingest_groups g WHERE g.old_id IS NULL AND NOT g.has_items ${FIRST_FAULTS}`,
    `SELECT i.line, i.path || 'transaction', format('%s is no transaction of this source; send the transaction first', to_json(i.transaction))
     FROM ingest_items i WHERE i.transaction_id IS NULL ${FIRST_FAULTS}`,
    `SELECT i.line, i.path || 'currency', format('must be that of the transaction, %s; amounts are not converted', i.own_currency)
     FROM ingest_items i WHERE i.currency <> i.own_currency ${FIRST_FAULTS}`,
    `SELECT line, path || 'transaction', format('%s stands twice in this match group; add the amounts up', to_json(transaction))
     FROM (SELECT i.line, i.path, i.transaction, row_number() OVER (PARTITION BY match_group_id, transaction_id ORDER BY i.line, i.path) AS nth
           FROM ingest_items i
           JOIN (SELECT match_group_id, transaction_id FROM ingest_items
                 GROUP BY match_group_id, transaction_id HAVING count(*) > 1) twice USING (match_group_id, transaction_id)) again
     WHERE nth > 1 ${FIRST_FAULTS}`,
  ],

  apply: async (scope, run) => {
    const { tenant, context } = scope;
    const inserted = await run.rows(`
      INSERT INTO match_groups (tenant_id, context_id, id, external_id, status, rule, confidence, created_at, updated_at)
      SELECT ${tenant}, ${context}, id, external_id, coalesce(status, 'CONFIRMED'), rule, confidence, statement_timestamp(), statement_timestamp()
      FROM ingest_groups WHERE old_id IS NULL`);
    await run.rows(`
      INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
      SELECT ${tenant}, match_group_id, transaction_id, amount FROM ingest_items WHERE is_new`);
    const old = await run.count("ingest_groups WHERE old_id IS NOT NULL");
    const updated = old === 0 ? 0 : await run.rows(updateGroups(tenant));
    await run.rows(TAKEN);
    await run.rows("ANALYZE ingest_taken");
    if (!(await run.faults(OVER_ALLOCATED))) await run.rows(FOLLOW_GROUPS);
    return { received: await run.count("ingest_groups"), inserted, updated };
  },
};

/** A CSV's lines of one group: a blank cell says nothing, two different ones contradict each other. */
const LINES_AGREE: FaultQuery = ["status", "rule", "confidence"]
  .map(
    (column) => `
  (SELECT max(r.line) FILTER (WHERE r.${column} IS NOT NULL) AS line, '${column}', 'differs between the lines of this match group; let them agree, or leave all but one blank'
   FROM ingest_rows r GROUP BY r.external_id HAVING min(r.${column}) <> max(r.${column}) ORDER BY 1 LIMIT 100)`,
  )
  .join(" UNION ALL ");

/** Brings existing groups and their lists of items up to date; counts the groups in which anything changed. */
const updateGroups = (tenant: string): string => `
  WITH gone AS (
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
    SELECT match_group_id FROM gone UNION SELECT match_group_id FROM resized UNION SELECT match_group_id FROM added
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

/** What the CONFIRMED groups take of each transaction, without signs; null: it is in none. */
const TAKEN = `
  CREATE TEMP TABLE ingest_taken ON COMMIT DROP AS
  SELECT touched.transaction_id, sum(abs(i.amount)) AS amount
  FROM ingest_touched touched
  LEFT JOIN (match_group_items i JOIN match_groups g ON g.id = i.match_group_id AND g.status = 'CONFIRMED')
    ON i.transaction_id = touched.transaction_id
  GROUP BY touched.transaction_id`;

/** More than there is of a transaction; told at the last line that has a part in it. */
const OVER_ALLOCATED: FaultQuery = `
  SELECT line, path || 'amount', format('allocates too much: the confirmed match groups take %s of the %s that transaction %s has (without signs)',
         trim_scale(taken), trim_scale(abs(has)), to_json(external_id))
  FROM (
    SELECT DISTINCT ON (t.id) taken.amount AS taken, t.amount AS has, t.external_id,
           coalesce(n.line, s.last_line) AS line, coalesce(n.path, 'items.') AS path
    FROM ingest_taken taken
    JOIN transactions t ON t.id = taken.transaction_id AND taken.amount > abs(t.amount)
    JOIN match_group_items i ON i.transaction_id = t.id
    JOIN ingest_groups s ON s.id = i.match_group_id
    JOIN match_groups g ON g.id = s.id AND g.status = 'CONFIRMED'
    LEFT JOIN ingest_items n ON n.match_group_id = i.match_group_id AND n.transaction_id = i.transaction_id
    ORDER BY t.id, coalesce(n.line, s.last_line) DESC) over_allocated
  ${FIRST_FAULTS}`;

/** MATCHED is what a CONFIRMED group has. What loses its last one is UNMATCHED; a mark on any other stays. */
const FOLLOW_GROUPS = `
  UPDATE transactions t SET status = CASE WHEN s.amount IS NULL THEN 'UNMATCHED' ELSE 'MATCHED' END, updated_at = statement_timestamp()
  FROM ingest_taken s
  WHERE t.id = s.transaction_id AND (s.amount IS NOT NULL) <> (t.status = 'MATCHED')`;
