-- As before, but each attempt waits for 500 ms at most: less than `deadlock_timeout` (1 s), so that it is the migration which gives way
-- if it deadlocks with a request.
CREATE OR REPLACE FUNCTION lock_tables_with_retry(relations text, mode text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  FOR attempt IN 1..1200 LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      EXECUTE format('LOCK TABLE %s IN %s MODE', relations, mode);
      SET LOCAL lock_timeout = 0;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      PERFORM pg_sleep(1);
    END;
  END LOOP;
  RAISE EXCEPTION 'no lock on the tables % within 30 minutes: run the migration again when they are less busy', relations;
END
$$;

-- One foreign key of a transaction in place of two: its source must belong to its context, and every source has a context. Postgres
-- checks each key with a query for each inserted row, and two keys took 40 % of the time of an INSERT. The next two migrations check
-- the existing rows and drop the previous keys.
CREATE UNIQUE INDEX sources_in_context ON sources (tenant_id, context_id, id);

-- Waits for running ingests.
SELECT lock_tables_with_retry('transactions, sources', 'SHARE ROW EXCLUSIVE');
ALTER TABLE transactions ADD CONSTRAINT transactions_source_in_context_fkey
  FOREIGN KEY (tenant_id, context_id, source_id) REFERENCES sources (tenant_id, context_id, id)
  ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;
