-- Copies of what the exceptions list filters and sorts by and that belongs to the transaction. An index cannot span two tables.
--
-- `amount_key` is the absolute amount in digits of fixed width, so that text order is numeric order. Comparisons of numeric are
-- not leakproof, and row-level security allows only leakproof ones in an index condition. '' and NULL are filled in by the data
-- migration exception-transactions.
ALTER TABLE exceptions
  ADD COLUMN amount_key text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN currency text,
  ADD COLUMN source_id uuid;

CREATE FUNCTION amount_key(amount numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT pg_catalog.lpad(pg_catalog.abs(amount)::numeric(28, 8)::text, 29, '0') $$;

CREATE FUNCTION copy_transaction_to_exception() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  SELECT public.amount_key(t.amount), t.currency, t.source_id INTO NEW.amount_key, NEW.currency, NEW.source_id
  FROM public.transactions t WHERE t.tenant_id = NEW.tenant_id AND t.id = NEW.transaction_id;
  -- Without a transaction, the foreign key refuses the row.
  NEW.amount_key := coalesce(NEW.amount_key, '');
  RETURN NEW;
END
$$;

-- For processes of the previous release. Those of this one insert the copies themselves.
CREATE TRIGGER exceptions_copy_transaction BEFORE INSERT ON exceptions
  FOR EACH ROW WHEN (NEW.amount_key = '') EXECUTE FUNCTION copy_transaction_to_exception();

CREATE FUNCTION copy_amount_to_exception() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  UPDATE public.exceptions SET amount_key = public.amount_key(NEW.amount), currency = NEW.currency, source_id = NEW.source_id
  WHERE tenant_id = NEW.tenant_id AND transaction_id = NEW.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER transactions_copy_amount AFTER UPDATE OF amount, currency ON transactions
  FOR EACH ROW WHEN (OLD.amount <> NEW.amount OR OLD.currency <> NEW.currency) EXECUTE FUNCTION copy_amount_to_exception();

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
