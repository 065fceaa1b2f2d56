-- GET /v1/export-jobs with status=RUNNING, say: the unfinished are few among many that are over.
CREATE INDEX export_jobs_by_status ON export_jobs (tenant_id, status, created_at, id);

-- An answer is given again byte for byte, and jsonb keeps neither the order of keys nor the way numbers were written.
ALTER TABLE idempotency_keys ALTER COLUMN body TYPE text USING body::text;
-- Which request holds the key while it is in flight: the fence, for a request whose lease ran out and that wakes up late.
ALTER TABLE idempotency_keys ADD COLUMN holder uuid;
-- In flight, or answered: nothing in between.
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_held_or_answered CHECK (
  (status IS NULL AND fingerprint IS NULL AND locked_until IS NOT NULL AND holder IS NOT NULL)
  OR (status IS NOT NULL AND fingerprint IS NOT NULL AND headers IS NOT NULL AND locked_until IS NULL));

-- Forgetting keys crosses tenants, so that it begins with a question that is answered with ids only, as in the first migration:
-- which tenants have keys whose day is over. They are then deleted as that tenant.
GRANT SELECT (tenant_id, expires_at) ON idempotency_keys TO docket_upkeep;
CREATE POLICY upkeep_reads ON idempotency_keys FOR SELECT TO docket_upkeep USING (true);

CREATE FUNCTION upkeep_tenants_with_expired_keys(most integer)
RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT DISTINCT k.tenant_id
  FROM (SELECT i.tenant_id FROM public.idempotency_keys i WHERE i.expires_at <= now() ORDER BY i.expires_at LIMIT most) k
$$;

DO $$
BEGIN
  EXECUTE format('GRANT docket_upkeep TO %I WITH INHERIT FALSE, SET TRUE', current_user);
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION upkeep_tenants_with_expired_keys(integer) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION upkeep_tenants_with_expired_keys(integer) TO docket_app;
  ALTER FUNCTION upkeep_tenants_with_expired_keys(integer) OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
