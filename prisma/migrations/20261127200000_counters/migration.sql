-- Counters of a context, so that no request counts its rows (docs/api.md §5 and §8, docs/decisions/0015).
--
-- A counter is a number of rows and the sum of their amounts. Its name says which rows; `at`, `source_id`, `currency` and `label`
-- divide them. Divisions that a counter does not have are '-infinity', zeros and ''.
--
-- Writers only insert rows into counter_changes, in the transaction of the change, so that no writer waits for a counter. Upkeep
-- adds them to `counters`. The value of a counter is the sum over both tables in one statement.
CREATE TABLE counters (
  tenant_id  uuid NOT NULL,
  context_id uuid NOT NULL,
  name       text COLLATE "C" NOT NULL,
  at         timestamptz(3) NOT NULL,
  source_id  uuid NOT NULL,
  currency   text COLLATE "C" NOT NULL,
  label      text COLLATE "C" NOT NULL,
  count      bigint NOT NULL,
  amount     numeric(38, 8) NOT NULL,
  PRIMARY KEY (tenant_id, context_id, name, at, source_id, currency, label)
);

CREATE TABLE counter_changes (
  tenant_id  uuid NOT NULL,
  context_id uuid NOT NULL,
  -- Only makes the key unique.
  id         bigint GENERATED ALWAYS AS IDENTITY,
  name       text COLLATE "C" NOT NULL,
  at         timestamptz(3) NOT NULL,
  source_id  uuid NOT NULL,
  currency   text COLLATE "C" NOT NULL,
  label      text COLLATE "C" NOT NULL,
  count      bigint NOT NULL,
  amount     numeric(38, 8) NOT NULL,
  -- A reader needs a range of one counter, and must not read all changes of the context for it.
  PRIMARY KEY (tenant_id, context_id, name, at, id)
);

GRANT SELECT ON counters TO docket_app;
GRANT SELECT, INSERT ON counter_changes TO docket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON counters TO docket_upkeep;
GRANT SELECT, DELETE ON counter_changes TO docket_upkeep;
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['counters', 'counter_changes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wanted);
    EXECUTE format($policy$
      CREATE POLICY tenant_only ON %I TO docket_app
      USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
      WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
    $policy$, wanted);
    EXECUTE format('CREATE POLICY upkeep_folds ON %I TO docket_upkeep USING (true) WITH CHECK (true)', wanted);
  END LOOP;
END
$$;

-- The functions below say which counters a row is counted in. The triggers and the recount share them. The planner inlines them.

CREATE FUNCTION transaction_counters(source_id uuid, amount numeric, currency text, date timestamptz, status text)
RETURNS TABLE (name text, at timestamptz, source_id uuid, currency text, label text, amount numeric)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT 'transactions', pg_catalog.date_bin('1 day', $4, '2000-01-01Z'::timestamptz), $1, $3, $5, pg_catalog.abs($2)
$$;

CREATE FUNCTION match_group_counters()
RETURNS TABLE (name text, at timestamptz, source_id uuid, currency text, label text, amount numeric)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT 'match-groups', '-infinity'::timestamptz, '00000000-0000-0000-0000-000000000000'::uuid, '', '', 0::numeric
$$;

-- Ages and deadlines are counted by day and by second. How many lie before a whole second is then the sum over the days before it
-- and over the seconds of its own day. An age counts from a millisecond before created_at: it has reached 8 days at the end of
-- the eighth day, so created_at = end counts, while a deadline has passed only after due_at.
CREATE FUNCTION exception_counters(severity text, status text, assigned_to text, created_at timestamptz, due_at timestamptz)
RETURNS TABLE (name text, at timestamptz, source_id uuid, currency text, label text, amount numeric)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT c.name, c.at, '00000000-0000-0000-0000-000000000000'::uuid, '', c.label, 0::numeric
  FROM (VALUES
    ('exceptions', '-infinity'::timestamptz, '', true),
    (CASE WHEN $3 IS NULL THEN 'exceptions-unassigned' ELSE 'exceptions-assigned' END, '-infinity'::timestamptz, $1, $2 <> 'RESOLVED'),
    ('exceptions-created-day', pg_catalog.date_bin('1 day', $4 - interval '1 millisecond', '2000-01-01Z'::timestamptz), '', $2 <> 'RESOLVED'),
    ('exceptions-created-second', pg_catalog.date_bin('1 second', $4 - interval '1 millisecond', '2000-01-01Z'::timestamptz), '', $2 <> 'RESOLVED'),
    ('exceptions-due-day', pg_catalog.date_bin('1 day', $5, '2000-01-01Z'::timestamptz), '', $2 <> 'RESOLVED' AND $5 IS NOT NULL),
    ('exceptions-due-second', pg_catalog.date_bin('1 second', $5, '2000-01-01Z'::timestamptz), '', $2 <> 'RESOLVED' AND $5 IS NOT NULL)
  ) c (name, at, label, is_counted)
  WHERE c.is_counted
$$;

-- The amount is what a dispute in this state is worth: what was recovered of a WON one, and what is or was at stake of the others.
-- It is NULL in a row that the data migration dispute-amounts has not reached.
CREATE FUNCTION dispute_counters(state text, currency text, disputed_amount numeric, recovered_amount numeric, respond_by timestamptz)
RETURNS TABLE (name text, at timestamptz, source_id uuid, currency text, label text, amount numeric)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT c.name, c.at, '00000000-0000-0000-0000-000000000000'::uuid, c.currency, c.label, c.amount
  FROM (VALUES
    ('disputes', '-infinity'::timestamptz, coalesce($2, ''), $1, coalesce(CASE $1 WHEN 'WON' THEN $4 ELSE $3 END, 0), true),
    ('disputes-due-day', pg_catalog.date_bin('1 day', $5, '2000-01-01Z'::timestamptz), '', '', 0,
      $1 IN ('OPEN', 'PENDING_EVIDENCE') AND $5 IS NOT NULL),
    ('disputes-due-second', pg_catalog.date_bin('1 second', $5, '2000-01-01Z'::timestamptz), '', '', 0,
      $1 IN ('OPEN', 'PENDING_EVIDENCE') AND $5 IS NOT NULL)
  ) c (name, at, currency, label, amount, is_counted)
  WHERE c.is_counted
$$;

-- The counters as they should be.
CREATE VIEW recounted_counters WITH (security_invoker = true) AS
SELECT r.tenant_id, r.context_id, r.name, r.at, r.source_id, r.currency, r.label, count(*) AS count, sum(r.amount) AS amount
FROM (
  SELECT t.tenant_id, t.context_id, c.* FROM transactions t
  CROSS JOIN LATERAL transaction_counters(t.source_id, t.amount, t.currency, t.date, t.status) c
  UNION ALL
  SELECT g.tenant_id, g.context_id, c.* FROM match_groups g CROSS JOIN LATERAL match_group_counters() c
  UNION ALL
  SELECT e.tenant_id, e.context_id, c.* FROM exceptions e
  CROSS JOIN LATERAL exception_counters(e.severity, e.status, e.assigned_to, e.created_at, e.due_at) c
  UNION ALL
  SELECT d.tenant_id, d.context_id, c.* FROM disputes d
  CROSS JOIN LATERAL dispute_counters(d.state, d.currency, d.disputed_amount, d.recovered_amount, d.respond_by) c
) r
GROUP BY r.tenant_id, r.context_id, r.name, r.at, r.source_id, r.currency, r.label;

-- The counters as they are stored: several rows of a counter are to be summed. Complete when the data migration `counters` has finished.
CREATE VIEW stored_counters WITH (security_invoker = true) AS
SELECT tenant_id, context_id, name, at, source_id, currency, label, count, amount FROM counters
UNION ALL
SELECT tenant_id, context_id, name, at, source_id, currency, label, count, amount FROM counter_changes;

GRANT SELECT ON recounted_counters, stored_counters TO docket_app;

-- Adds at most `most` changes to the counters and returns how many it added; 0 if there are none, or if another session adds them.
-- Counters that reach zero are deleted: there is one for each second in which an exception was created.
CREATE FUNCTION upkeep_fold_counters(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
-- Without statistics, the planner would read all of `counters` in place of some entries of its index.
SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  taken tid[];
BEGIN
  -- Only the holder of this lock deletes changes. Two sessions would add the same ones, or insert the same counter.
  IF NOT pg_try_advisory_xact_lock(hashtextextended('fold counters', 0)) THEN
    RETURN 0;
  END IF;
  taken := ARRAY(SELECT t.ctid FROM public.counter_changes t LIMIT most);
  WITH deleted AS (
    DELETE FROM public.counter_changes d WHERE d.ctid = ANY (taken) RETURNING d.*
  ), summed AS (
    SELECT d.tenant_id, d.context_id, d.name, d.at, d.source_id, d.currency, d.label, sum(d.count)::bigint AS count, sum(d.amount) AS amount
    FROM deleted d
    GROUP BY d.tenant_id, d.context_id, d.name, d.at, d.source_id, d.currency, d.label
    HAVING sum(d.count) <> 0 OR sum(d.amount) <> 0
    -- New counters of a range are then next to each other.
    ORDER BY d.tenant_id, d.context_id, d.name, d.at
  )
  MERGE INTO public.counters c USING summed s
  ON c.tenant_id = s.tenant_id AND c.context_id = s.context_id AND c.name = s.name AND c.at = s.at AND c.source_id = s.source_id
    AND c.currency = s.currency AND c.label = s.label
  WHEN MATCHED AND c.count + s.count = 0 AND c.amount + s.amount = 0 THEN DELETE
  WHEN MATCHED THEN UPDATE SET count = c.count + s.count, amount = c.amount + s.amount
  WHEN NOT MATCHED THEN INSERT (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
    VALUES (s.tenant_id, s.context_id, s.name, s.at, s.source_id, s.currency, s.label, s.count, s.amount);
  RETURN cardinality(taken);
END
$$;

-- Recounts a context, corrects its counters and returns those that were wrong. One statement compares rows and counters, so it is
-- right beside writers: a transaction is in both of them or in neither. The data migration uses it, too.
CREATE FUNCTION repair_counters(tenant uuid, context uuid)
RETURNS TABLE (name text, at timestamptz, source_id uuid, currency text, label text,
  stored_count bigint, stored_amount numeric, count bigint, amount numeric)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- A second repair would correct the same difference again. It sees this one's when it gets the lock.
  PERFORM pg_advisory_xact_lock(hashtextextended('repair counters ' || tenant || context, 0));
  RETURN QUERY
  WITH stored AS (
    SELECT s.name, s.at, s.source_id, s.currency, s.label, sum(s.count)::bigint AS count, sum(s.amount) AS amount
    FROM public.stored_counters s WHERE s.tenant_id = tenant AND s.context_id = context
    GROUP BY s.name, s.at, s.source_id, s.currency, s.label
  ), compared AS (
    SELECT name, at, source_id, currency, label, coalesce(s.count, 0) AS stored_count, coalesce(s.amount, 0) AS stored_amount,
           coalesce(r.count, 0) AS count, coalesce(r.amount, 0) AS amount
    FROM stored s
    FULL JOIN (SELECT * FROM public.recounted_counters c WHERE c.tenant_id = tenant AND c.context_id = context) r
      USING (name, at, source_id, currency, label)
  ), wrong AS MATERIALIZED (
    SELECT * FROM compared w WHERE w.stored_count <> w.count OR w.stored_amount <> w.amount
  ), corrected AS (
    INSERT INTO public.counter_changes (tenant_id, context_id, name, at, source_id, currency, label, count, amount)
    SELECT tenant, context, w.name, w.at, w.source_id, w.currency, w.label, w.count - w.stored_count, w.amount - w.stored_amount
    FROM wrong w
  )
  SELECT w.name, w.at, w.source_id, w.currency, w.label, w.stored_count, w.stored_amount, w.count, w.amount FROM wrong w
  ORDER BY w.name, w.at, w.source_id, w.currency, w.label;
END
$$;

DO $$
BEGIN
  -- Of the owner alone.
  REVOKE ALL ON FUNCTION repair_counters(uuid, uuid) FROM PUBLIC;
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION upkeep_fold_counters(integer) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION upkeep_fold_counters(integer) TO docket_app;
  ALTER FUNCTION upkeep_fold_counters(integer) OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
