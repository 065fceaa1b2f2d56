/**
 * Selects the rows by which `matched_items` differs from the tables that it is derived from, in all contexts. Run it as a login that
 * sees every tenant.
 */
export const MATCHED_ITEMS_DIFFERENCE = `
  WITH wanted AS (
    SELECT t.tenant_id, t.context_id, t.date, t.id AS transaction_id, g.id AS match_group_id, t.source_id, i.amount, g.rule, g.confidence
    FROM match_group_items i
    JOIN match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id AND g.status = 'CONFIRMED'
    JOIN transactions t ON t.tenant_id = i.tenant_id AND t.id = i.transaction_id
  ), stored AS (
    SELECT tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence FROM matched_items
  )
  SELECT 'missing' AS fault, missing.* FROM (SELECT * FROM wanted EXCEPT SELECT * FROM stored) missing
  UNION ALL
  SELECT 'wrong' AS fault, wrong.* FROM (SELECT * FROM stored EXCEPT SELECT * FROM wanted) wrong`;
