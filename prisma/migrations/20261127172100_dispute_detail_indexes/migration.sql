-- In a migration of their own, because building them must not hold the lock of the new columns: it blocks writes only.

-- sort=disputedAmount
CREATE INDEX disputes_by_amount ON disputes (tenant_id, amount_key, id);
-- sort=respondBy and sort=-respondBy: disputes without one come last in both directions.
CREATE INDEX disputes_by_response ON disputes (tenant_id,
  (CASE WHEN respond_by IS NULL THEN 'infinity'::timestamptz ELSE respond_by END), id);
CREATE INDEX disputes_by_response_descending ON disputes (tenant_id,
  (CASE WHEN respond_by IS NULL THEN '-infinity'::timestamptz ELSE respond_by END), id);
-- assignedTo and unassigned=true, newest first
CREATE INDEX disputes_by_assignee ON disputes (tenant_id, assigned_to, created_at, id);
-- overdue=true: the few that wait for a response. The expression is that of sort=respondBy. Without the second condition, the
-- planner would also use the index for state=OPEN, and sort.
CREATE INDEX disputes_awaiting_response ON disputes (tenant_id,
  (CASE WHEN respond_by IS NULL THEN 'infinity'::timestamptz ELSE respond_by END), id)
  WHERE state IN ('OPEN', 'PENDING_EVIDENCE') AND respond_by IS NOT NULL;
