-- An object whose claim or upload is lost is deleted at once, and again for a while: a request that was already on its way can
-- store it later (apps/worker/src/upkeep/orphan-sweeper.ts). So its note stays, and remembers since when and when last.
ALTER TABLE stored_objects ADD COLUMN lost_at timestamptz(3);
ALTER TABLE stored_objects ADD COLUMN swept_at timestamptz(3);
ALTER TABLE stored_objects ADD CONSTRAINT stored_objects_lost_is_not_committed CHECK (lost_at IS NULL OR committed_at IS NULL);

-- As before, but without those that were looked at after the given instant; the ones that have waited longest come first, so that
-- many lost objects cannot keep a new one waiting.
DROP FUNCTION upkeep_uncommitted_objects(timestamptz, integer);
CREATE FUNCTION upkeep_uncommitted_objects(begun_before timestamptz, swept_before timestamptz, most integer)
RETURNS TABLE (tenant_id uuid, key text, owner text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT o.tenant_id, o.key, o.owner
  FROM public.stored_objects o
  WHERE o.committed_at IS NULL AND o.created_at < begun_before AND (o.swept_at IS NULL OR o.swept_at < swept_before)
  ORDER BY coalesce(o.swept_at, o.created_at)
  LIMIT most
$$;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION upkeep_uncommitted_objects(timestamptz, timestamptz, integer) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION upkeep_uncommitted_objects(timestamptz, timestamptz, integer) TO docket_app;
  ALTER FUNCTION upkeep_uncommitted_objects(timestamptz, timestamptz, integer) OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
