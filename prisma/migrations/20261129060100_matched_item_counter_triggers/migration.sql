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

-- Moves the items of transactions of one context whose dates have changed. It inserts in place of updating, because the data migration
-- matched-items may not have reached the old dates yet, and has passed the new ones.
CREATE FUNCTION move_matched_items(tenant uuid, context uuid, moved uuid[], old_dates timestamptz[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
-- Index lookups for each row, whatever the ingest and the statistics of the planner say: hash joins would read whole tables.
SET enable_nestloop = on
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan
AS $$
BEGIN
  DELETE FROM public.matched_items m
  USING unnest(moved, old_dates) AS old (transaction_id, date)
  WHERE m.tenant_id = tenant AND m.context_id = context AND m.date = old.date AND m.transaction_id = old.transaction_id;
  INSERT INTO public.matched_items (tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence)
  SELECT t.tenant_id, t.context_id, t.date, t.id, g.id, t.source_id, i.amount, g.rule, g.confidence
  FROM unnest(moved) AS m (id)
  JOIN public.transactions t ON t.tenant_id = tenant AND t.id = m.id
  JOIN public.match_group_items i ON i.tenant_id = tenant AND i.transaction_id = t.id
  JOIN public.match_groups g ON g.tenant_id = tenant AND g.id = i.match_group_id AND g.status = 'CONFIRMED'
  ON CONFLICT (tenant_id, context_id, date, transaction_id, match_group_id) DO NOTHING;
END
$$;

-- As before, but for a thousand transactions at a time, because each DELETE and INSERT now inserts changes of counters. Most updates
-- change no date.
CREATE OR REPLACE FUNCTION matched_items_after_date_change() RETURNS trigger
LANGUAGE plpgsql
-- Nested loops would compare each row of a transition table with each of the other.
SET enable_nestloop = off
AS $$
DECLARE
  batch record;
BEGIN
  -- In the order of the reports, in which the items are stored.
  FOR batch IN EXECUTE
    'SELECT tenant_id, context_id, array_agg(id) AS moved, array_agg(old_date) AS old_dates
    FROM (
      SELECT a.tenant_id, a.context_id, a.id, b.date AS old_date,
        (row_number() OVER (PARTITION BY a.tenant_id, a.context_id ORDER BY a.date, a.id) - 1) / 1000 AS number
      FROM before b JOIN after a ON a.tenant_id = b.tenant_id AND a.id = b.id
      WHERE a.date <> b.date
    ) AS changed
    GROUP BY tenant_id, context_id, number
    ORDER BY tenant_id, context_id, number'
  LOOP
    PERFORM public.move_matched_items(batch.tenant_id, batch.context_id, batch.moved, batch.old_dates);
  END LOOP;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER matched_items_after_date_update AFTER UPDATE ON transactions
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION matched_items_after_date_change();
