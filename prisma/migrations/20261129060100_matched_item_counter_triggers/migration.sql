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

-- As before, but once for all transactions of a statement, because each DELETE and INSERT now inserts changes of counters. Most
-- updates change no date. It inserts in place of updating, because the data migration matched-items may not have reached the old date
-- yet, and has passed the new one.
CREATE OR REPLACE FUNCTION matched_items_after_date_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  are_moved boolean;
BEGIN
  -- Not EXISTS: to find the first row soon, the planner would choose nested loops, which compare every pair of rows.
  EXECUTE 'SELECT count(*) > 0 FROM before b JOIN after a ON a.tenant_id = b.tenant_id AND a.id = b.id WHERE a.date <> b.date'
  INTO are_moved;
  IF NOT are_moved THEN
    RETURN NULL;
  END IF;
  EXECUTE 'DELETE FROM public.matched_items m
    USING before b JOIN after a ON a.tenant_id = b.tenant_id AND a.id = b.id AND a.date <> b.date
    WHERE m.tenant_id = b.tenant_id AND m.context_id = b.context_id AND m.date = b.date AND m.transaction_id = b.id';
  EXECUTE 'INSERT INTO public.matched_items (tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence)
    SELECT a.tenant_id, a.context_id, a.date, a.id, g.id, a.source_id, i.amount, g.rule, g.confidence
    FROM after a
    JOIN before b ON b.tenant_id = a.tenant_id AND b.id = a.id AND b.date <> a.date
    JOIN public.match_group_items i ON i.tenant_id = a.tenant_id AND i.transaction_id = a.id
    JOIN public.match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id AND g.status = ''CONFIRMED''
    ORDER BY a.tenant_id, a.context_id, a.date, a.id, g.id
    ON CONFLICT (tenant_id, context_id, date, transaction_id, match_group_id) DO NOTHING';
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER matched_items_after_date_update AFTER UPDATE ON transactions
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION matched_items_after_date_change();
