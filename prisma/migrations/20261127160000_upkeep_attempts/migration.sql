-- When upkeep last tried to delete a file. Those that were tried longest ago come first, so that many files that cannot be deleted
-- do not hide the others.
ALTER TABLE stored_objects ADD COLUMN attempted_at timestamptz(3);
ALTER TABLE export_jobs ADD COLUMN expiry_attempted_at timestamptz(3);

GRANT UPDATE (attempted_at) ON stored_objects TO docket_upkeep;
GRANT UPDATE (expiry_attempted_at) ON export_jobs TO docket_upkeep;
CREATE POLICY upkeep_attempts ON stored_objects FOR UPDATE TO docket_upkeep USING (true);
CREATE POLICY upkeep_attempts ON export_jobs FOR UPDATE TO docket_upkeep USING (true);

-- Like upkeep_expired_exports and upkeep_uncommitted_objects, which the version before still calls. These record the attempt in the
-- same statement, and skip rows that are locked.
CREATE FUNCTION upkeep_take_expired_exports(most integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  UPDATE public.export_jobs j SET expiry_attempted_at = now()
  WHERE j.ctid = ANY (ARRAY(
    SELECT e.ctid FROM public.export_jobs e
    WHERE e.status = 'SUCCEEDED' AND e.expires_at <= now()
    ORDER BY coalesce(e.expiry_attempted_at, e.expires_at)
    LIMIT most
    FOR UPDATE SKIP LOCKED))
  RETURNING j.tenant_id, j.id
$$;

CREATE FUNCTION upkeep_take_uncommitted_objects(begun_before timestamptz, swept_before timestamptz, most integer)
RETURNS TABLE (tenant_id uuid, key text, owner text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  UPDATE public.stored_objects o SET attempted_at = now()
  WHERE o.key = ANY (ARRAY(
    SELECT u.key FROM public.stored_objects u
    WHERE u.committed_at IS NULL AND u.created_at < begun_before AND (u.swept_at IS NULL OR u.swept_at < swept_before)
    ORDER BY coalesce(u.attempted_at, u.created_at)
    LIMIT most
    FOR UPDATE SKIP LOCKED))
  RETURNING o.tenant_id, o.key, o.owner
$$;

DO $$
DECLARE
  wanted text;
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  FOREACH wanted IN ARRAY ARRAY['upkeep_take_expired_exports(integer)', 'upkeep_take_uncommitted_objects(timestamptz, timestamptz, integer)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', wanted);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO docket_app', wanted);
    EXECUTE format('ALTER FUNCTION %s OWNER TO docket_upkeep', wanted);
  END LOOP;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
