-- What a create asks of the unfinished jobs, as functions whose plans do not depend on the statistics of `export_jobs`. A connection
-- keeps the plan that it made while the table was small, and such a plan reads the whole table once it has grown. Without sequential
-- scans and sorts, each question below is answered from the end of one index.

-- As before. Of the jobs that ended within a minute, it reads the newest 256 only, more than run at once: a turn that has begun is
-- among them or still unfinished.
DROP FUNCTION export_turns_begun();
CREATE FUNCTION export_turns_begun() RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_sort = off
AS $$
BEGIN
  RETURN greatest(0,
    (SELECT j.turn FROM public.export_jobs j WHERE j.claim > 0 AND j.status IN ('QUEUED', 'RUNNING') ORDER BY j.turn DESC LIMIT 1),
    (SELECT max(ended.turn) FROM (
       SELECT j.turn FROM public.export_jobs j WHERE j.claim > 0 AND j.finished_at > now() - interval '1 minute'
       ORDER BY j.finished_at DESC LIMIT 256) ended),
    (SELECT j.turn - 1 FROM public.export_jobs j WHERE j.status = 'QUEUED' ORDER BY j.turn LIMIT 1));
END
$$;

-- The unfinished jobs of the caller's tenant: the highest turn, 0 without one, and their number, which is counted up to `most`.
-- Row-level security selects the tenant.
CREATE FUNCTION unfinished_export_jobs(most integer, OUT last_turn integer, OUT jobs integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_sort = off
AS $$
BEGIN
  last_turn := coalesce(
    (SELECT j.turn FROM public.export_jobs j WHERE j.status IN ('QUEUED', 'RUNNING') ORDER BY j.turn DESC LIMIT 1), 0);
  jobs := (SELECT count(*) FROM (SELECT FROM public.export_jobs j WHERE j.status IN ('QUEUED', 'RUNNING') LIMIT most) counted);
END
$$;
REVOKE ALL ON FUNCTION unfinished_export_jobs(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unfinished_export_jobs(integer) TO docket_app;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION export_turns_begun() FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION export_turns_begun() TO docket_app;
  ALTER FUNCTION export_turns_begun() OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
