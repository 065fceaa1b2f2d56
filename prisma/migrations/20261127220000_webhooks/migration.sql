-- Webhooks (docs/api.md §9): where a tenant wants its events, and what was sent there. The rows decide what is sent; the queue only
-- says when to look.

CREATE TABLE webhook_endpoints (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL DEFAULT uuid_v7(),
  url             text NOT NULL,
  description     text,
  -- Types and families such as `dispute.*`.
  types           text[] NOT NULL,
  enabled         boolean NOT NULL DEFAULT true,
  max_in_flight   smallint NOT NULL DEFAULT 1 CHECK (max_in_flight BETWEEN 1 AND 20),
  disabled_reason text CHECK (disabled_reason IN ('gone', 'failing')),
  -- When the endpoint began to fail without a success since.
  failing_since   timestamptz(3),
  -- [{ sealed, until }], the current secret first. `until` is the end of the grace of a rotated one. Encrypted by the application.
  secrets         jsonb NOT NULL,
  -- The last event that has been considered, and the first one that it was created after.
  last_seq        bigint NOT NULL DEFAULT 0,
  first_seq       bigint NOT NULL DEFAULT 0,
  -- Events (`audit_seq`) that were committed before the endpoint was created and have not been considered yet.
  ignored         bigint[] NOT NULL DEFAULT '{}',
  -- Events of this time are not sent: the endpoint was disabled. No end: it still is.
  muted_from      timestamptz(3),
  muted_until     timestamptz(3),
  created_at      timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at      timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  -- Upkeep deletes the row after its deliveries.
  deleted_at      timestamptz(3),
  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (tenant_id, id)
);
-- The list of endpoints.
CREATE INDEX webhook_endpoints_by_creation ON webhook_endpoints (tenant_id, created_at, id);

CREATE TABLE webhook_deliveries (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL DEFAULT uuid_v7(),
  endpoint_id     uuid NOT NULL,
  -- The event.
  event_id        uuid NOT NULL,
  seq             bigint NOT NULL,
  type            text NOT NULL,
  event_at        timestamptz(3) NOT NULL,
  status          text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
  -- The first attempt has started. Later attempts do not hold up other events.
  started         boolean NOT NULL DEFAULT false,
  -- The attempt that runs is not the first one.
  repeated        boolean NOT NULL DEFAULT false,
  -- Failed attempts of the current schedule.
  failures        smallint NOT NULL DEFAULT 0,
  -- An attempt has succeeded once.
  delivered       boolean NOT NULL DEFAULT false,
  -- NULL unless PENDING.
  next_attempt_at timestamptz(3) DEFAULT CURRENT_TIMESTAMP,
  -- While an attempt runs: who runs it, and until when the others leave it alone.
  holder          uuid,
  lease_until     timestamptz(3),
  -- The latest attempts, oldest first.
  attempts        jsonb NOT NULL DEFAULT '[]',
  created_at      timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT webhook_deliveries_endpoint_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id)
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT webhook_deliveries_pending CHECK ((status = 'PENDING') = (next_attempt_at IS NOT NULL))
);
-- One delivery of each event, however often the events are read. Also finds the deliveries of an event for `recover`.
CREATE UNIQUE INDEX webhook_deliveries_by_event ON webhook_deliveries (tenant_id, endpoint_id, seq);
-- The list of deliveries.
CREATE INDEX webhook_deliveries_by_creation ON webhook_deliveries (tenant_id, endpoint_id, created_at, id);
-- The next first attempt, in the order of the events.
CREATE INDEX webhook_deliveries_unstarted ON webhook_deliveries (tenant_id, endpoint_id, seq) WHERE status = 'PENDING' AND NOT started;
-- The next repeated attempt.
CREATE INDEX webhook_deliveries_retries ON webhook_deliveries (tenant_id, endpoint_id, next_attempt_at) WHERE status = 'PENDING' AND started;
-- Those that `recover` sends again.
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (tenant_id, endpoint_id, seq) WHERE status = 'FAILED';
-- The attempts that run.
CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (tenant_id, endpoint_id) WHERE lease_until IS NOT NULL;
-- Retention.
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);

GRANT SELECT, INSERT, UPDATE ON webhook_endpoints, webhook_deliveries TO docket_app;
GRANT SELECT, DELETE ON webhook_endpoints, webhook_deliveries TO docket_upkeep;
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['webhook_endpoints', 'webhook_deliveries'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wanted);
    EXECUTE format('CREATE POLICY upkeep_webhooks ON %I TO docket_upkeep USING (true)', wanted);
    EXECUTE format($policy$
      CREATE POLICY tenant_only ON %I TO docket_app
      USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
      WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
    $policy$, wanted);
  END LOOP;
END
$$;

-- The committed events of the current tenant that have no number yet. NULL if the outbox holds more than 10 000 of all tenants, which
-- takes long to read.
CREATE FUNCTION unnumbered_events() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT CASE WHEN count(*) <= 10000
    THEN coalesce(array_agg(a.seq) FILTER (WHERE a.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid), '{}') END
  FROM (SELECT audit_seq FROM public.event_outbox LIMIT 10001) o
  LEFT JOIN public.audit_events a ON a.seq = o.audit_seq
$$;

-- The endpoints of all tenants with new events, in random order, so that the limit hides none of them for long. Those with many
-- deliveries that have not started wait.
CREATE FUNCTION webhook_endpoints_behind(most integer) RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT w.tenant_id, w.id
  FROM public.webhook_endpoints w JOIN public.event_heads h ON h.tenant_id = w.tenant_id
  WHERE w.enabled AND w.deleted_at IS NULL AND w.last_seq < h.seq
    AND NOT EXISTS (
      SELECT FROM public.webhook_deliveries d
      WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.status = 'PENDING' AND NOT d.started
      ORDER BY d.seq OFFSET 499)
  ORDER BY random()
  LIMIT most
$$;

-- The endpoints of all tenants with attempts that are due, in random order as above. `retries` tells first attempts from repeated ones.
CREATE FUNCTION webhook_endpoints_due(most integer) RETURNS TABLE (tenant_id uuid, id uuid, retries boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT w.tenant_id, w.id, lane.retries
  FROM public.webhook_endpoints w CROSS JOIN (VALUES (false), (true)) AS lane (retries)
  WHERE w.enabled AND w.deleted_at IS NULL AND CASE WHEN lane.retries
    THEN EXISTS (
      SELECT FROM public.webhook_deliveries d
      WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.status = 'PENDING' AND d.started
        AND d.next_attempt_at <= now() AND (d.lease_until IS NULL OR d.lease_until < now()))
    ELSE coalesce((
      SELECT d.next_attempt_at <= now() FROM public.webhook_deliveries d
      WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.status = 'PENDING' AND NOT d.started
      ORDER BY d.seq LIMIT 1), false)
    END
  ORDER BY random()
  LIMIT most
$$;

-- Deletes deliveries that are older than `keep_days` or belong to a deleted endpoint, and deleted endpoints without deliveries.
-- Returns how many rows.
CREATE FUNCTION upkeep_expire_deliveries(keep_days integer, most integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  expired integer;
  orphaned integer;
  gone integer;
BEGIN
  DELETE FROM public.webhook_deliveries d WHERE d.ctid = ANY (ARRAY(
    SELECT o.ctid FROM public.webhook_deliveries o
    WHERE o.created_at < now() - make_interval(days => greatest(keep_days, 1)) ORDER BY o.created_at LIMIT most));
  GET DIAGNOSTICS expired = ROW_COUNT;
  DELETE FROM public.webhook_deliveries d WHERE d.ctid = ANY (ARRAY(
    SELECT o.ctid FROM public.webhook_endpoints w
    JOIN public.webhook_deliveries o ON o.tenant_id = w.tenant_id AND o.endpoint_id = w.id
    WHERE w.deleted_at IS NOT NULL LIMIT most));
  GET DIAGNOSTICS orphaned = ROW_COUNT;
  DELETE FROM public.webhook_endpoints w
  WHERE w.deleted_at < now() - interval '1 minute' AND NOT EXISTS (
    SELECT FROM public.webhook_deliveries d WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN expired + orphaned + gone;
END
$$;

-- The deliveries of enabled endpoints that wait: how many, and for how many seconds the oldest one has been due.
CREATE FUNCTION metrics_webhook_backlog() RETURNS TABLE (retries boolean, deliveries double precision, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT d.started, count(*)::float8, coalesce(greatest(extract(epoch FROM now() - min(d.next_attempt_at)), 0), 0)::float8
  FROM public.webhook_deliveries d
  JOIN public.webhook_endpoints w ON w.tenant_id = d.tenant_id AND w.id = d.endpoint_id
  WHERE d.status = 'PENDING' AND w.enabled AND w.deleted_at IS NULL
  GROUP BY d.started
$$;

DO $$
DECLARE
  wanted text;
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  FOREACH wanted IN ARRAY ARRAY['unnumbered_events()', 'webhook_endpoints_behind(integer)', 'webhook_endpoints_due(integer)',
    'upkeep_expire_deliveries(integer, integer)', 'metrics_webhook_backlog()'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', wanted);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO docket_app', wanted);
    EXECUTE format('ALTER FUNCTION %s OWNER TO docket_upkeep', wanted);
  END LOOP;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
