-- GET /v1/exceptions over all of a tenant's contexts, in each of its orders. Each index ends with the id, which makes the order
-- total, so that a page begins with one look into the index. With contextId the planner has exceptions_by_creation for a
-- context that is a small part of the tenant, and these where it is a large one; there is none for each order in each
-- context, because every one of them is paid for at every load of records.

-- sort=createdAt, the default
CREATE INDEX exceptions_by_tenant ON exceptions (tenant_id, created_at, id);

-- sort=updatedAt
CREATE INDEX exceptions_by_update ON exceptions (tenant_id, updated_at, id);

-- sort=dueAt; what is due at no time comes after everything else. The text of this and the next two must stay that of
-- apps/api/src/services/exceptions.ts: Postgres takes an index for an expression only when both are the same.
CREATE INDEX exceptions_by_due ON exceptions (tenant_id,
  (CASE WHEN due_at IS NULL THEN 'infinity'::timestamptz ELSE due_at END), id);

-- sort=severity and sort=status: in the order of the contract's lists. CASE, IS NULL and text equality are leakproof, and so
-- may stand in an index condition under row-level security; coalesce and array_position are not.
CREATE INDEX exceptions_by_severity ON exceptions (tenant_id,
  (CASE severity WHEN 'LOW' THEN 0 WHEN 'MEDIUM' THEN 1 WHEN 'HIGH' THEN 2 ELSE 3 END), id);
CREATE INDEX exceptions_by_status ON exceptions (tenant_id,
  (CASE status WHEN 'OPEN' THEN 0 WHEN 'ASSIGNED' THEN 1 WHEN 'PENDING_RESOLUTION' THEN 2 ELSE 3 END), id);

-- status=OPEN in the default order: the open ones are few among many that are resolved.
CREATE INDEX exceptions_by_status_and_creation ON exceptions (tenant_id, status, created_at, id);

-- GET /v1/contexts, newest first.
CREATE INDEX contexts_by_creation ON contexts (tenant_id, created_at, id);

-- GET /v1/contexts/{contextId}/sources, newest first.
CREATE INDEX sources_by_creation ON sources (tenant_id, context_id, created_at, id);
