/**
 * Selects the counters that differ from a recount, in all contexts. Run it as a login that sees every tenant. One statement, so it
 * is right beside writers.
 */
export const COUNTERS_DIFFERENCE = `
  SELECT * FROM (
    SELECT tenant_id, context_id, name, at, source_id, currency, label, sum(count) AS count, sum(amount) AS amount
    FROM stored_counters
    GROUP BY tenant_id, context_id, name, at, source_id, currency, label
    HAVING sum(count) <> 0 OR sum(amount) <> 0) stored
  FULL JOIN recounted_counters recounted USING (tenant_id, context_id, name, at, source_id, currency, label)
  WHERE stored.count IS DISTINCT FROM recounted.count OR stored.amount IS DISTINCT FROM recounted.amount`;
