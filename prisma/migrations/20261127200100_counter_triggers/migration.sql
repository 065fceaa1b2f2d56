-- As lock_table_with_retry, for several tables, and for weaker locks: CREATE TRIGGER excludes writers only, and need not wait for
-- exports. An attempt that does not get all of them releases those it has, so that nobody waits for one table because of another.
CREATE FUNCTION lock_tables_with_retry(relations text, mode text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  FOR attempt IN 1..600 LOOP
    BEGIN
      SET LOCAL lock_timeout = '2s';
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
REVOKE ALL ON FUNCTION lock_tables_with_retry(text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION lock_table_with_retry(relation regclass) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM lock_tables_with_retry(relation::text, 'ACCESS EXCLUSIVE');
END
$$;

-- Counts the changes of each statement, once for each counter that it changes. The triggers are on statements, so that they also
-- count what processes of the previous release write.
--
-- The locks are taken in the order in which ingests take them, so that the two cannot deadlock.
DO $do$
DECLARE
  counted record;
BEGIN
  PERFORM lock_tables_with_retry('match_groups, transactions, exceptions, disputes', 'SHARE ROW EXCLUSIVE');
  FOR counted IN SELECT * FROM (VALUES
    ('match_groups', 'match_group_counters()'),
    ('transactions', 'transaction_counters(r.source_id, r.amount, r.currency, r.date, r.status)'),
    ('exceptions', 'exception_counters(r.severity, r.status, r.assigned_to, r.created_at, r.due_at)'),
    ('disputes', 'dispute_counters(r.state, r.currency, r.disputed_amount, r.recovered_amount, r.respond_by)')
  ) t (relation, counters)
  LOOP
    EXECUTE format($create$
      CREATE FUNCTION count_%1$s() RETURNS trigger
      LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
      -- The plan is that of the first call in a session. Hashing is linear, however many rows the next one has.
      SET enable_sort = off
      AS $function$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO public.counter_changes (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
          SELECT r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label, count(*), sum(c.amount)
          FROM after r CROSS JOIN LATERAL public.%2$s c
          GROUP BY r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label;
        ELSIF TG_OP = 'DELETE' THEN
          INSERT INTO public.counter_changes (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
          SELECT r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label, -count(*), -sum(c.amount)
          FROM before r CROSS JOIN LATERAL public.%2$s c
          GROUP BY r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label;
        ELSE
          INSERT INTO public.counter_changes (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
          SELECT r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label, sum(r.sign), sum(r.sign * c.amount)
          FROM (SELECT 1 AS sign, a.* FROM after a UNION ALL SELECT -1, b.* FROM before b) r CROSS JOIN LATERAL public.%2$s c
          GROUP BY r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label
          HAVING sum(r.sign) <> 0 OR sum(r.sign * c.amount) <> 0;
        END IF;
        RETURN NULL;
      END
      $function$
    $create$, counted.relation, counted.counters);
    EXECUTE format($create$
      CREATE TRIGGER count_inserted AFTER INSERT ON %1$s
      REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_%1$s();
      CREATE TRIGGER count_updated AFTER UPDATE ON %1$s
      REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_%1$s();
      CREATE TRIGGER count_deleted AFTER DELETE ON %1$s
      REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION count_%1$s();
    $create$, counted.relation);
  END LOOP;
END
$do$;
