-- The feed of events (docs/api.md §9). `audit_events` stays where every change writes its event, in its own transaction. Its `seq` is
-- drawn before the commit, so that transactions commit in another order, and a reader that continues after the last `seq` would miss
-- events. The sequencer therefore copies committed rows into `events` and numbers them there, tenant by tenant, without gaps.

CREATE TABLE events (
  tenant_id  uuid NOT NULL,
  -- 1, 2, 3 … in each tenant.
  seq        bigint NOT NULL CHECK (seq > 0),
  id         uuid NOT NULL,
  type       text NOT NULL,
  subject    text NOT NULL,
  actor      text NOT NULL,
  at         timestamptz(3) NOT NULL,
  request_id text,
  -- Canonical JSON (RFC 8785). NULL, like `salt`, when it was erased.
  data       text,
  salt       text,
  data_hash  text NOT NULL,
  hash       text NOT NULL,
  -- The row of `audit_events` that was copied.
  audit_seq  bigint NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (tenant_id, seq),
  CONSTRAINT events_erased_with_salt CHECK ((data IS NULL) = (salt IS NULL))
);
-- The feed filtered by type.
CREATE INDEX events_by_type ON events (tenant_id, type, seq);
-- The feed filtered by subject, and by type as well.
CREATE INDEX events_by_subject ON events (tenant_id, subject, type, seq);

-- The newest event of each tenant, and where the kept ones begin.
CREATE TABLE event_heads (
  tenant_id            uuid NOT NULL,
  seq                  bigint NOT NULL,
  hash                 text NOT NULL,
  oldest_seq           bigint NOT NULL DEFAULT 1,
  oldest_previous_hash text NOT NULL DEFAULT repeat('0', 64),
  -- When the oldest kept event occurred; NULL when none is kept.
  oldest_at            timestamptz(3),
  CONSTRAINT event_heads_pkey PRIMARY KEY (tenant_id)
);
-- Retention: the tenants whose oldest event has expired.
CREATE INDEX event_heads_by_oldest ON event_heads (oldest_at);

-- The rows of `audit_events` that have no number yet. Small: the sequencer deletes what it has numbered.
CREATE TABLE event_outbox (
  audit_seq bigint NOT NULL,
  -- The transaction that wrote the row, so that the sequencer can skip what it has seen (sequencer_take).
  xid       xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT event_outbox_pkey PRIMARY KEY (audit_seq)
);
CREATE INDEX event_outbox_by_xid ON event_outbox (xid);

-- The app only reads events. Everything else is done by the functions below.
GRANT SELECT ON events, event_heads TO docket_app;
GRANT SELECT, INSERT, DELETE ON events TO docket_upkeep;
GRANT SELECT, INSERT, UPDATE ON event_heads TO docket_upkeep;
GRANT SELECT, INSERT, DELETE ON event_outbox TO docket_upkeep;
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['events', 'event_heads'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wanted);
    EXECUTE format('CREATE POLICY upkeep_events ON %I TO docket_upkeep USING (true) WITH CHECK (true)', wanted);
    EXECUTE format($policy$
      CREATE POLICY tenant_only ON %I TO docket_app
      USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
      WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
    $policy$, wanted);
  END LOOP;
END
$$;

-- A trigger, so that the rows of processes of the previous release are numbered, too.
CREATE FUNCTION add_to_event_outbox() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  INSERT INTO public.event_outbox (audit_seq) VALUES (NEW.seq);
  RETURN NULL;
END
$$;

-- The committed rows that have no number yet, in the order in which they were written, each with the head of its tenant.
--
-- Deleted rows of the outbox remain in its indexes while an export holds an old snapshot. `from_xid` and `after_seq` skip them: no
-- row of a transaction before `from_xid` is without a number. Rows after `up_to` are left for later. NULL and 0 skip nothing.
CREATE FUNCTION sequencer_take(from_xid xid8, after_seq bigint, up_to bigint, most integer)
RETURNS TABLE (audit_seq bigint, event_id uuid, tenant_id uuid, action text, subject text, actor text, at timestamptz, request_id text,
               data jsonb, head_seq bigint, head_hash text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off
AS $$
DECLARE
  taken bigint[];
BEGIN
  IF from_xid IS NULL OR after_seq > 0 THEN
    taken := ARRAY(
      SELECT o.audit_seq FROM public.event_outbox o
      WHERE o.audit_seq > after_seq AND o.audit_seq <= coalesce(up_to, 9223372036854775807)
      ORDER BY o.audit_seq LIMIT most);
  ELSE
    -- Not by `audit_seq` alone: the index on it begins with the deleted rows.
    taken := ARRAY(
      WITH recent AS MATERIALIZED (SELECT o.audit_seq FROM public.event_outbox o WHERE o.xid >= from_xid)
      SELECT r.audit_seq FROM recent r WHERE r.audit_seq > after_seq ORDER BY r.audit_seq LIMIT most);
  END IF;
  RETURN QUERY
    SELECT a.seq, public.uuid_v7(), a.tenant_id, a.action, a.subject, a.actor, a.at::timestamptz, a.request_id, a.data, h.seq, h.hash
    FROM public.audit_events a LEFT JOIN public.event_heads h ON h.tenant_id = a.tenant_id
    WHERE a.seq = ANY (taken)
    ORDER BY a.seq;
END
$$;

-- Stores numbered events and advances the heads of their tenants. `numbered` is an array of
-- { auditSeq, seq, id, type, data, salt, dataHash, hash }, in the order of `seq`; all else is taken from the rows of `audit_events`.
-- Fails if one of them has a number already.
CREATE FUNCTION sequencer_number(numbered json) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off
AS $$
DECLARE
  removed integer;
BEGIN
  -- The row locks of this DELETE make a second sequencer wait; it then finds fewer rows and fails.
  DELETE FROM public.event_outbox o
  WHERE o.audit_seq = ANY (ARRAY(SELECT (n ->> 'auditSeq')::bigint FROM json_array_elements(numbered) n));
  GET DIAGNOSTICS removed = ROW_COUNT;
  IF removed <> json_array_length(numbered) THEN
    RAISE EXCEPTION 'events have been numbered by another sequencer';
  END IF;
  WITH added AS (
    INSERT INTO public.events (tenant_id, seq, id, type, subject, actor, at, request_id, data, salt, data_hash, hash, audit_seq)
    SELECT a.tenant_id, n.seq, n.id, n.type, a.subject, a.actor, a.at, a.request_id, n.data, n.salt, n."dataHash", n.hash, a.seq
    FROM json_to_recordset(numbered)
      AS n ("auditSeq" bigint, seq bigint, id uuid, type text, data text, salt text, "dataHash" text, hash text)
    JOIN public.audit_events a ON a.seq = n."auditSeq"
    RETURNING events.tenant_id, events.seq, events.hash, events.at
  )
  INSERT INTO public.event_heads AS h (tenant_id, seq, hash, oldest_at)
  SELECT DISTINCT ON (added.tenant_id) added.tenant_id, added.seq, added.hash, first_value(added.at) OVER (PARTITION BY added.tenant_id ORDER BY added.seq)
  FROM added ORDER BY added.tenant_id, added.seq DESC
  ON CONFLICT (tenant_id) DO UPDATE
  SET seq = excluded.seq, hash = excluded.hash, oldest_at = coalesce(h.oldest_at, excluded.oldest_at);
END
$$;

-- The newest numbers of the given tenants, for the relay of the streams.
CREATE FUNCTION event_heads_of(tenants uuid[]) RETURNS TABLE (tenant_id uuid, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT h.tenant_id, h.seq FROM public.event_heads h WHERE h.tenant_id = ANY (tenants)
$$;

-- Deletes up to `most` of the oldest events of one tenant, together with their rows of `audit_events`, if they occurred more than
-- `keep_days` ago. Returns how many. Deletes from the start of the chain only, and keeps the hash that the next event continues.
CREATE FUNCTION upkeep_expire_events(keep_days integer, most integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  cutoff timestamptz := now() - make_interval(days => greatest(keep_days, 1));
  head public.event_heads;
  last_seq bigint;
  last_hash text;
  removed integer;
BEGIN
  -- The row lock makes the sequencer wait for the tenant's new oldest event.
  SELECT * INTO head FROM public.event_heads h WHERE h.oldest_at < cutoff ORDER BY h.oldest_at LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  SELECT min(e.seq) - 1 INTO last_seq FROM public.events e
  WHERE e.tenant_id = head.tenant_id AND e.seq >= head.oldest_seq AND e.seq < head.oldest_seq + most AND e.at >= cutoff;
  last_seq := coalesce(last_seq, least(head.oldest_seq + most - 1, head.seq));
  SELECT e.hash INTO STRICT last_hash FROM public.events e WHERE e.tenant_id = head.tenant_id AND e.seq = last_seq;
  WITH expired AS (
    DELETE FROM public.events e WHERE e.tenant_id = head.tenant_id AND e.seq BETWEEN head.oldest_seq AND last_seq
    RETURNING e.audit_seq
  )
  DELETE FROM public.audit_events a USING expired WHERE a.seq = expired.audit_seq;
  UPDATE public.event_heads h
  SET oldest_seq = last_seq + 1, oldest_previous_hash = last_hash,
      oldest_at = (SELECT e.at FROM public.events e WHERE e.tenant_id = head.tenant_id AND e.seq = last_seq + 1)
  WHERE h.tenant_id = head.tenant_id;
  removed := last_seq - head.oldest_seq + 1;
  RETURN removed;
END
$$;

-- How many seconds ago the oldest event without a number was written; 0 when there is none.
CREATE FUNCTION metrics_event_lag() RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT coalesce((SELECT greatest(extract(epoch FROM now() - a.at), 0)
                   FROM (SELECT o.audit_seq FROM public.event_outbox o ORDER BY o.audit_seq LIMIT 1) o
                   JOIN public.audit_events a ON a.seq = o.audit_seq), 0)::float8
$$;

DO $$
DECLARE
  wanted text;
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  FOREACH wanted IN ARRAY ARRAY['sequencer_take(xid8, bigint, bigint, integer)', 'sequencer_number(json)',
    'event_heads_of(uuid[])', 'upkeep_expire_events(integer, integer)', 'metrics_event_lag()'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', wanted);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO docket_app', wanted);
    EXECUTE format('ALTER FUNCTION %s OWNER TO docket_upkeep', wanted);
  END LOOP;
  -- PUBLIC keeps EXECUTE: without it the trigger could not be created below, and a trigger function cannot be called.
  ALTER FUNCTION add_to_event_outbox() OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;

-- Last, so that requests wait for the lock as briefly as possible.
SELECT lock_table_with_retry('audit_events');
GRANT SELECT, DELETE ON audit_events TO docket_upkeep;
CREATE POLICY upkeep_events ON audit_events TO docket_upkeep USING (true);
CREATE TRIGGER add_to_event_outbox AFTER INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION add_to_event_outbox();
