-- In a migration of their own, because building them must not hold the lock of the new columns: it blocks writes only.

-- sort=amount
CREATE INDEX exceptions_by_amount ON exceptions (tenant_id, amount_key, id);
-- sourceId, newest first
CREATE INDEX exceptions_by_source ON exceptions (tenant_id, source_id, created_at, id);
-- currency, newest first: a rare currency
CREATE INDEX exceptions_by_currency ON exceptions (tenant_id, currency, created_at, id);
-- assignedTo and unassigned=true, newest first
CREATE INDEX exceptions_by_assignee ON exceptions (tenant_id, assigned_to, created_at, id);
-- overdue=true: what is due and not resolved is little among much that is resolved. The expression is that of sort=dueAt. Without
-- the second condition, the planner would also use the index for status=OPEN, and sort.
CREATE INDEX exceptions_unresolved_by_due ON exceptions (tenant_id,
  (CASE WHEN due_at IS NULL THEN 'infinity'::timestamptz ELSE due_at END), id) WHERE status <> 'RESOLVED' AND due_at IS NOT NULL;
