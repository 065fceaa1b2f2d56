-- The progress of the running exports of the given tenants, for the streams of events (docs/api.md §9).
CREATE FUNCTION running_exports_of(tenants uuid[])
RETURNS TABLE (tenant_id uuid, id uuid, records_written bigint, records_expected bigint, bytes_written bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT j.tenant_id, j.id, j.records_written, j.records_expected, j.bytes_written
  FROM public.export_jobs j
  WHERE j.tenant_id = ANY (tenants) AND j.status = 'RUNNING'
$$;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION running_exports_of(uuid[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION running_exports_of(uuid[]) TO docket_app;
  ALTER FUNCTION running_exports_of(uuid[]) OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
