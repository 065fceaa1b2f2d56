SELECT lock_table_with_retry('exceptions');
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
