-- For filters whose value may be rare: without an index, a page reads the whole list to find the few rows that match. The order is that
-- of the list, so that the plan does not depend on how often the value occurs elsewhere. One migration for each table: building
-- an index blocks writes of its table only.

-- GET /v1/disputes in the default order: currency, openedBy and category.
CREATE INDEX disputes_by_currency ON disputes (tenant_id, currency, created_at, id);
CREATE INDEX disputes_by_opener ON disputes (tenant_id, opened_by, created_at, id);
CREATE INDEX disputes_by_category_and_creation ON disputes (tenant_id, category, created_at, id);
