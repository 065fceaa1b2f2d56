-- The rows of MATCHED reports by day and source, so that an export knows their number without counting them (docs/decisions/0015).
CREATE FUNCTION matched_item_counters(source_id uuid, date timestamptz)
RETURNS TABLE (name text, at timestamptz, source_id uuid, currency text, label text, amount numeric)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT 'matched-items', pg_catalog.date_bin('1 day', $2, '2000-01-01Z'::timestamptz), $1, '', '', 0::numeric
$$;

-- As before, and matched_items. A migration of its own, because the lock on the view waits for a recount.
CREATE OR REPLACE VIEW recounted_counters WITH (security_invoker = true) AS
SELECT r.tenant_id, r.context_id, r.name, r.at, r.source_id, r.currency, r.label, count(*) AS count, sum(r.amount) AS amount
FROM (
  SELECT t.tenant_id, t.context_id, c.* FROM transactions t
  CROSS JOIN LATERAL transaction_counters(t.source_id, t.amount, t.currency, t.date, t.status) c
  UNION ALL
  SELECT g.tenant_id, g.context_id, c.* FROM match_groups g CROSS JOIN LATERAL match_group_counters() c
  UNION ALL
  SELECT m.tenant_id, m.context_id, c.* FROM matched_items m CROSS JOIN LATERAL matched_item_counters(m.source_id, m.date) c
  UNION ALL
  SELECT e.tenant_id, e.context_id, c.* FROM exceptions e
  CROSS JOIN LATERAL exception_counters(e.severity, e.status, e.assigned_to, e.created_at, e.due_at) c
  UNION ALL
  SELECT d.tenant_id, d.context_id, c.* FROM disputes d
  CROSS JOIN LATERAL dispute_counters(d.state, d.currency, d.disputed_amount, d.recovered_amount, d.respond_by) c
) r
GROUP BY r.tenant_id, r.context_id, r.name, r.at, r.source_id, r.currency, r.label;
