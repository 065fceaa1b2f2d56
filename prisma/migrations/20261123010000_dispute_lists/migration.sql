-- GET /v1/disputes in its other orders; by creation there is disputes_by_creation already. Each ends with the id, which makes
-- the order total, so that a page begins with one look into the index.

-- A context's disputes, newest first.
CREATE INDEX disputes_by_context ON disputes (tenant_id, context_id, created_at, id);

-- sort=updatedAt
CREATE INDEX disputes_by_update ON disputes (tenant_id, updated_at, id);

-- sort=state and sort=category: in the order of the contract's lists. CASE and text equality are leakproof, and so may stand in
-- an index condition under row-level security; array_position is not. The text must stay that of
-- apps/api/src/services/dispute-list.ts.
CREATE INDEX disputes_by_state ON disputes (tenant_id,
  (CASE state WHEN 'DRAFT' THEN 0 WHEN 'OPEN' THEN 1 WHEN 'PENDING_EVIDENCE' THEN 2 WHEN 'WON' THEN 3 ELSE 4 END), id);
CREATE INDEX disputes_by_category ON disputes (tenant_id,
  (CASE category WHEN 'BANK_FEE_ERROR' THEN 0 WHEN 'UNRECOGNIZED_CHARGE' THEN 1 WHEN 'DUPLICATE_TRANSACTION' THEN 2 ELSE 3 END), id);

-- state=OPEN in the default order: the open ones are few among many that are closed.
CREATE INDEX disputes_by_state_and_creation ON disputes (tenant_id, state, created_at, id);
