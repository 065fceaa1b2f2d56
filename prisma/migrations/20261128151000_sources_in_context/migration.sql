-- What a foreign key of transactions refers to, which the data migration `transaction-keys` adds: the source in its context. There are
-- few sources, so the index is built in milliseconds.
SELECT lock_tables_with_retry('sources', 'SHARE');
CREATE UNIQUE INDEX sources_in_context ON sources (tenant_id, context_id, id);
