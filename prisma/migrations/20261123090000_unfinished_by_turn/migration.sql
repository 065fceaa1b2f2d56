-- As before, in another order: lost jobs first, and those that wait in the order in which they will run. Whoever is beyond `most` has
-- so many before them, that are seen to first; in the order of run_after a long backlog hid a newcomer whose turn is the next.
DROP FUNCTION upkeep_unfinished_jobs(integer);
CREATE FUNCTION upkeep_unfinished_jobs(most integer)
RETURNS TABLE (tenant_id uuid, id uuid, status text, claim integer, turn integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT j.tenant_id, j.id, j.status, j.claim, j.turn
  FROM public.export_jobs j
  WHERE (j.status = 'QUEUED' AND j.run_after <= now()) OR (j.status = 'RUNNING' AND j.lease_until < now())
  ORDER BY j.status = 'RUNNING' DESC, j.turn, j.run_after, j.id
  LIMIT most
$$;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION upkeep_unfinished_jobs(integer) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION upkeep_unfinished_jobs(integer) TO docket_app;
  ALTER FUNCTION upkeep_unfinished_jobs(integer) OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
