-- The rows of MATCHED reports, in their order: one for each item of a CONFIRMED match group, with what the order and the filters
-- need. A report merges them with the transactions by two index scans, where it had to join three tables and sort the result.
--
-- A table of its own, because new columns of match_group_items would need an ACCESS EXCLUSIVE lock, which waits for every running
-- export and makes all others wait behind it. The triggers below keep it right, whichever release writes. Rows from before are
-- added by the data migration matched-items; until it has finished, reports read the other tables.
CREATE TABLE matched_items (
  tenant_id      uuid NOT NULL,
  context_id     uuid NOT NULL,
  date           timestamptz(3) NOT NULL,
  transaction_id uuid NOT NULL,
  match_group_id uuid NOT NULL,
  source_id      uuid NOT NULL,
  amount         numeric(28,8) NOT NULL,
  rule           text,
  confidence     numeric(5,2),
  PRIMARY KEY (tenant_id, context_id, date, transaction_id, match_group_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON matched_items TO docket_app;
ALTER TABLE matched_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON matched_items TO docket_app
USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));

-- The statements of the triggers on match groups and their items are planned at each call (EXECUTE): a session would otherwise keep
-- the plan for one item for a million, or the reverse. All triggers of a statement run after it, and each one brings its rows to
-- the state that the statement has left, so their order does not matter.

CREATE FUNCTION matched_items_after_item_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    IF EXISTS (SELECT FROM before) THEN
      EXECUTE 'DELETE FROM public.matched_items m
        USING before b JOIN public.transactions t ON t.tenant_id = b.tenant_id AND t.id = b.transaction_id
        WHERE m.tenant_id = b.tenant_id AND m.context_id = t.context_id AND m.date = t.date AND m.transaction_id = t.id
          AND m.match_group_id = b.match_group_id';
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF EXISTS (SELECT FROM after) THEN
      EXECUTE 'INSERT INTO public.matched_items (tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence)
        SELECT a.tenant_id, t.context_id, t.date, t.id, g.id, t.source_id, a.amount, g.rule, g.confidence
        FROM after a
        JOIN public.match_groups g ON g.tenant_id = a.tenant_id AND g.id = a.match_group_id AND g.status = ''CONFIRMED''
        JOIN public.transactions t ON t.tenant_id = a.tenant_id AND t.id = a.transaction_id
        ORDER BY t.tenant_id, t.context_id, t.date, t.id, g.id
        ON CONFLICT (tenant_id, context_id, date, transaction_id, match_group_id) DO NOTHING';
    END IF;
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION matched_items_after_group_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM after) THEN
    RETURN NULL;
  END IF;
  EXECUTE 'DELETE FROM public.matched_items m
    USING after a
    JOIN before b ON b.tenant_id = a.tenant_id AND b.id = a.id AND b.status = ''CONFIRMED''
    JOIN public.match_group_items i ON i.tenant_id = a.tenant_id AND i.match_group_id = a.id
    JOIN public.transactions t ON t.tenant_id = i.tenant_id AND t.id = i.transaction_id
    WHERE a.status <> ''CONFIRMED''
      AND m.tenant_id = t.tenant_id AND m.context_id = t.context_id AND m.date = t.date AND m.transaction_id = t.id
      AND m.match_group_id = a.id';
  EXECUTE 'INSERT INTO public.matched_items (tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence)
    SELECT t.tenant_id, t.context_id, t.date, t.id, a.id, t.source_id, i.amount, a.rule, a.confidence
    FROM after a
    JOIN before b ON b.tenant_id = a.tenant_id AND b.id = a.id
      AND (b.status, b.rule, b.confidence) IS DISTINCT FROM (a.status, a.rule, a.confidence)
    JOIN public.match_group_items i ON i.tenant_id = a.tenant_id AND i.match_group_id = a.id
    JOIN public.transactions t ON t.tenant_id = i.tenant_id AND t.id = i.transaction_id
    WHERE a.status = ''CONFIRMED''
    ORDER BY t.tenant_id, t.context_id, t.date, t.id, a.id
    ON CONFLICT (tenant_id, context_id, date, transaction_id, match_group_id)
    DO UPDATE SET rule = excluded.rule, confidence = excluded.confidence';
  RETURN NULL;
END
$$;

-- For one transaction, so that a statement which does not name the column costs nothing (transition tables exclude column lists).
-- It inserts in place of updating, because the data migration may not have come to the old date yet, and has passed the new one.
CREATE FUNCTION matched_items_after_date_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  DELETE FROM public.matched_items m
  WHERE m.tenant_id = OLD.tenant_id AND m.context_id = OLD.context_id AND m.date = OLD.date AND m.transaction_id = OLD.id;
  INSERT INTO public.matched_items (tenant_id, context_id, date, transaction_id, match_group_id, source_id, amount, rule, confidence)
  SELECT NEW.tenant_id, NEW.context_id, NEW.date, NEW.id, g.id, NEW.source_id, i.amount, g.rule, g.confidence
  FROM public.match_group_items i
  JOIN public.match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id AND g.status = 'CONFIRMED'
  WHERE i.tenant_id = NEW.tenant_id AND i.transaction_id = NEW.id
  ON CONFLICT (tenant_id, context_id, date, transaction_id, match_group_id) DO NOTHING;
  RETURN NULL;
END
$$;

-- In the order in which an ingest of match groups locks the tables, so that the two cannot deadlock. CREATE TRIGGER waits for
-- running ingests, and for no export.
CREATE TRIGGER matched_items_after_group_update AFTER UPDATE ON match_groups
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION matched_items_after_group_change();
CREATE TRIGGER matched_items_after_item_insert AFTER INSERT ON match_group_items
REFERENCING NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION matched_items_after_item_change();
CREATE TRIGGER matched_items_after_item_update AFTER UPDATE ON match_group_items
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION matched_items_after_item_change();
CREATE TRIGGER matched_items_after_item_delete AFTER DELETE ON match_group_items
REFERENCING OLD TABLE AS before
FOR EACH STATEMENT EXECUTE FUNCTION matched_items_after_item_change();
CREATE TRIGGER matched_items_after_date_update AFTER UPDATE OF date ON transactions
FOR EACH ROW WHEN (OLD.date <> NEW.date) EXECUTE FUNCTION matched_items_after_date_change();

-- As before, and matched_items.
CREATE OR REPLACE FUNCTION analyze_records() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  ANALYZE (SKIP_LOCKED) public.transactions, public.match_groups, public.match_group_items, public.matched_items, public.fee_variances,
    public.exceptions;
END
$$;

-- Whether the rows that a data migration changes can be relied on. On a snapshot, the answer is true for what the snapshot shows.
CREATE FUNCTION is_data_migrated(migration text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM public.data_migrations d WHERE d.name = migration AND d.finished_at IS NOT NULL)
$$;
REVOKE ALL ON FUNCTION is_data_migrated(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_data_migrated(text) TO docket_app;
