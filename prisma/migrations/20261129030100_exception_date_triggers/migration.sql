-- Keeps exceptions.date right, whichever release writes. Both triggers start at once: a date that is copied when an exception is
-- inserted would otherwise become stale, and the data migration would not find it. Until here, every date is NULL.
--
-- The locks are taken in the order in which ingests of transactions take them, so that the two cannot deadlock. They do not wait for
-- exports. Adding the column does, which is why it has a migration of its own.
SELECT lock_tables_with_retry('transactions, exceptions', 'SHARE ROW EXCLUSIVE');

-- As before, and the date. The trigger and its function keep their names: to rename a trigger, every reader of the table would have to wait.
CREATE OR REPLACE FUNCTION copy_amount_to_exception() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  -- Each UPDATE also runs the triggers of its statement, although most transactions have no exception.
  IF EXISTS (SELECT FROM public.exceptions WHERE tenant_id = NEW.tenant_id AND transaction_id = NEW.id) THEN
    UPDATE public.exceptions
    SET amount_key = public.amount_key(NEW.amount), currency = NEW.currency, source_id = NEW.source_id, date = NEW.date
    WHERE tenant_id = NEW.tenant_id AND transaction_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER transactions_copy_amount AFTER UPDATE OF amount, currency, date ON transactions
  FOR EACH ROW WHEN (OLD.amount <> NEW.amount OR OLD.currency <> NEW.currency OR OLD.date <> NEW.date)
  EXECUTE FUNCTION copy_amount_to_exception();

CREATE OR REPLACE FUNCTION copy_transaction_to_exception() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  SELECT public.amount_key(t.amount), t.currency, t.source_id, t.date
  INTO NEW.amount_key, NEW.currency, NEW.source_id, NEW.date
  FROM public.transactions t WHERE t.tenant_id = NEW.tenant_id AND t.id = NEW.transaction_id;
  -- Without a transaction, the foreign key refuses the row.
  NEW.amount_key := coalesce(NEW.amount_key, '');
  RETURN NEW;
END
$$;

-- For processes of previous releases, which insert no date, or no copies at all. Those of this one insert all copies themselves.
CREATE OR REPLACE TRIGGER exceptions_copy_transaction BEFORE INSERT ON exceptions
  FOR EACH ROW WHEN (NEW.date IS NULL OR NEW.amount_key = '') EXECUTE FUNCTION copy_transaction_to_exception();
