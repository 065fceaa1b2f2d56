-- What /metrics tells of the unfinished export jobs of all tenants: numbers, and nothing of whose they are. A job that waits for its
-- retry is not late, and counts from when it is due (negative until then).
CREATE FUNCTION metrics_unfinished_jobs()
RETURNS TABLE (status text, report_type text, format text, jobs integer, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT j.status, j.report_type, j.format, count(*)::integer, extract(epoch FROM now() - min(j.run_after))::double precision
  FROM public.export_jobs j
  WHERE j.status IN ('QUEUED', 'RUNNING')
  GROUP BY j.status, j.report_type, j.format
$$;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION metrics_unfinished_jobs() FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION metrics_unfinished_jobs() TO docket_app;
  ALTER FUNCTION metrics_unfinished_jobs() OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
