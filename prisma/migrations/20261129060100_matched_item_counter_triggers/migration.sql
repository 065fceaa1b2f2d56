-- Ingests of match groups write match_groups, then matched_items, then transactions. Ingests of transactions write transactions, then
-- matched_items. match_groups is locked first, so that no ingest of match groups is in between; the other two are locked in the order
-- of ingests of transactions. So neither kind can deadlock with this migration. Exports go on.
SELECT lock_tables_with_retry('match_groups, transactions, matched_items', 'SHARE ROW EXCLUSIVE');

-- Counts the changes of each statement, as the functions of the other counted tables do. Existing rows are counted by the data
-- migration matched-item-counters; until it has finished, exports count rows.
CREATE FUNCTION count_matched_items() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
-- The plan is that of the first call in a session. Hashing is linear, however many rows the next one has.
SET enable_sort = off
AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.counter_changes (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
    SELECT r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label, count(*), 0
    FROM after r CROSS JOIN LATERAL public.matched_item_counters(r.source_id, r.date) c
    GROUP BY r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO public.counter_changes (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
    SELECT r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label, -count(*), 0
    FROM before r CROSS JOIN LATERAL public.matched_item_counters(r.source_id, r.date) c
    GROUP BY r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label;
  ELSE
    INSERT INTO public.counter_changes (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
    SELECT r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label, sum(r.sign), 0
    FROM (SELECT 1 AS sign, a.* FROM after a UNION ALL SELECT -1, b.* FROM before b) r
    CROSS JOIN LATERAL public.matched_item_counters(r.source_id, r.date) c
    GROUP BY r.tenant_id, r.context_id, c.name, c.at, c.source_id, c.currency, c.label
    HAVING sum(r.sign) <> 0;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER count_inserted AFTER INSERT ON matched_items
REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_matched_items();
CREATE TRIGGER count_updated AFTER UPDATE ON matched_items
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_matched_items();
CREATE TRIGGER count_deleted AFTER DELETE ON matched_items
REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION count_matched_items();

-- Moves the items of transactions whose dates have changed. The function that it replaces ran for each row, which would now insert
-- changes of counters for each row. It deletes and inserts instead of updating, because the data migration matched-items may not have
-- reached an old date yet, and may have passed the new one.
--
-- It runs as the owner and takes the tenant from the rows. Row-level security would add a condition on a single tenant. If the
-- statistics do not include that tenant, the planner estimates that it has no rows, and all indexes that start with tenant_id seem to
-- cost the same.
CREATE OR REPLACE FUNCTION matched_items_after_date_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_nestloop = off
SET enable_hashjoin = on
SET enable_mergejoin = on
SET enable_seqscan = on
AS $$
DECLARE
  batch record;
BEGIN
  -- A thousand at a time, in the order of the reports. Most updates change no date.
  FOR batch IN EXECUTE
    'SELECT array_agg(tenant_id) AS tenants, array_agg(context_id) AS contexts, array_agg(id) AS ids, array_agg(old_date) AS old_dates
    FROM (
      SELECT a.tenant_id, a.context_id, a.id, b.date AS old_date,
        (row_number() OVER (ORDER BY a.tenant_id, a.context_id, a.date, a.id) - 1) / 1000 AS number
      FROM before b JOIN after a ON a.tenant_id = b.tenant_id AND a.id = b.id
      WHERE a.date <> b.date
    ) AS changed
    GROUP BY number
    ORDER BY number'
  LOOP
    -- The join above uses hashing, because nested loops would compare all pairs of rows. The statements below look up each row in an
    -- index, whatever the ingest has set, because other plans read whole tables. PostgreSQL restores these settings when the function
    -- returns, because its SET clauses name them.
    PERFORM set_config(name, value, true) FROM (VALUES
      ('enable_nestloop', 'on'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'), ('enable_seqscan', 'off')) AS s (name, value);
    EXECUTE
      'DELETE FROM public.matched_items m
      USING unnest($1, $2, $3, $4) AS old (tenant_id, context_id, id, date)
      WHERE m.tenant_id = old.tenant_id AND m.context_id = old.context_id AND m.date = old.date AND m.transaction_id = old.id'
    USING batch.tenants, batch.contexts, batch.ids, batch.old_dates;
    EXECUTE
      'INSERT INTO public.matched_items (tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence)
      SELECT t.tenant_id, t.context_id, t.date, t.id, g.id, t.source_id, i.amount, g.rule, g.confidence
      FROM unnest($1, $2) AS moved (tenant_id, id)
      JOIN public.transactions t ON t.tenant_id = moved.tenant_id AND t.id = moved.id
      JOIN public.match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
      JOIN public.match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id AND g.status = ''CONFIRMED''
      ON CONFLICT (tenant_id, context_id, date, transaction_id, match_group_id) DO NOTHING'
    USING batch.tenants, batch.ids;
  END LOOP;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER matched_items_after_date_update AFTER UPDATE ON transactions
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION matched_items_after_date_change();
