-- A transaction belongs to a source of its context. These triggers check that once for each source in a statement; a foreign key
-- checks it for each row, which takes a third of the time of an ingest. The data migration `transaction-sources` drops the foreign
-- keys. All functions run as the owner, because row-level security must hide no row from them, and to lock a source.

CREATE FUNCTION check_source(tenant uuid, context uuid, source uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  -- As a foreign key does: until this transaction has ended, nobody can delete the source or change its key. A source that another
  -- transaction has just deleted is not found, because the lock waits for that transaction.
  PERFORM FROM public.sources s WHERE s.tenant_id = tenant AND s.context_id = context AND s.id = source FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING
      MESSAGE = format('the context %s has no source %s', context, source),
      TABLE = 'transactions', CONSTRAINT = 'transactions_source_in_context';
  END IF;
END
$$;

CREATE FUNCTION check_sources_of_transactions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
-- The plan is that of the first call in a session. Hashing is linear, however many rows the next one has.
SET enable_sort = off
AS $$
BEGIN
  PERFORM public.check_source(a.tenant_id, a.context_id, a.source_id)
  FROM (SELECT DISTINCT tenant_id, context_id, source_id FROM after) a;
  RETURN NULL;
END
$$;

CREATE FUNCTION check_source_of_transaction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM public.check_source(NEW.tenant_id, NEW.context_id, NEW.source_id);
  RETURN NULL;
END
$$;

CREATE FUNCTION keep_source_of_transactions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  -- A foreign key also sees transactions that were committed after the snapshot of a REPEATABLE READ transaction. A trigger cannot.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE feature_not_supported USING MESSAGE = 'a source can be deleted, or its key changed, only at READ COMMITTED';
  END IF;
  IF EXISTS (SELECT FROM public.transactions t WHERE t.tenant_id = OLD.tenant_id AND t.source_id = OLD.id) THEN
    RAISE foreign_key_violation USING
      MESSAGE = format('the source %s has transactions', OLD.id),
      TABLE = 'transactions', CONSTRAINT = 'transactions_source_in_context';
  END IF;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION check_source(uuid, uuid, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION check_sources_of_transactions(), check_source_of_transaction(), keep_source_of_transactions() FROM PUBLIC;

-- Excludes ingests and creates of sources while the triggers are created. Exports go on.
SELECT lock_tables_with_retry('transactions, sources', 'SHARE ROW EXCLUSIVE');
CREATE TRIGGER check_sources AFTER INSERT ON transactions
REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION check_sources_of_transactions();
-- Transition tables exclude column lists. No statement of ours names these columns, so the trigger costs nothing.
CREATE TRIGGER check_source AFTER UPDATE OF tenant_id, context_id, source_id ON transactions
FOR EACH ROW EXECUTE FUNCTION check_source_of_transaction();
CREATE TRIGGER keep_if_used AFTER DELETE OR UPDATE OF tenant_id, context_id, id ON sources
FOR EACH ROW EXECUTE FUNCTION keep_source_of_transactions();
