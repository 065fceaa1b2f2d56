-- Exceptions in the order of UNMATCHED reports, with the columns that these show: they read only the index.
CREATE INDEX exceptions_in_order ON exceptions (tenant_id, context_id, date, transaction_id) INCLUDE (id, due_at);
