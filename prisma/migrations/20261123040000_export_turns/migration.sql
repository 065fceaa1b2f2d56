-- Fairness: jobs are delivered in the order of their turns, and those of one turn in the order they came. A new job's turn is one
-- more than its tenant's last, or than the turn that is being worked on, whichever is later (packages/domain, export/turns.ts).
ALTER TABLE export_jobs ADD COLUMN turn integer NOT NULL DEFAULT 1 CHECK (turn >= 1);
-- A tenant's unfinished jobs: their number, for EXPORT_MAX_ACTIVE_PER_TENANT, and their last turn.
CREATE INDEX export_jobs_active ON export_jobs (tenant_id, turn) WHERE status IN ('QUEUED', 'RUNNING');
-- The three questions of export_turns_begun(), each one look into an index.
CREATE INDEX export_jobs_turns_begun ON export_jobs (turn) WHERE claim > 0 AND status IN ('QUEUED', 'RUNNING');
CREATE INDEX export_jobs_turns_waiting ON export_jobs (turn) WHERE status = 'QUEUED';
CREATE INDEX export_jobs_by_finish ON export_jobs (finished_at) WHERE claim > 0;

-- The latest turn of which a job was started, over all tenants: a number and nothing else. What ended within a minute counts
-- too, so that the moment between two jobs does not look like idleness. After an idle minute turns begin at 1 again; while jobs
-- wait and none was ever started, the turn before theirs counts as begun.
CREATE FUNCTION export_turns_begun() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT greatest(0,
    (SELECT max(j.turn) FROM public.export_jobs j WHERE j.claim > 0 AND j.status IN ('QUEUED', 'RUNNING')),
    (SELECT max(j.turn) FROM public.export_jobs j WHERE j.claim > 0 AND j.finished_at > now() - interval '1 minute'),
    (SELECT min(j.turn) - 1 FROM public.export_jobs j WHERE j.status = 'QUEUED'))
$$;

-- As before, and with the turn, so that what is queued again takes its place.
DROP FUNCTION upkeep_unfinished_jobs(integer);
CREATE FUNCTION upkeep_unfinished_jobs(most integer)
RETURNS TABLE (tenant_id uuid, id uuid, status text, claim integer, turn integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT j.tenant_id, j.id, j.status, j.claim, j.turn
  FROM public.export_jobs j
  WHERE (j.status = 'QUEUED' AND j.run_after <= now()) OR (j.status = 'RUNNING' AND j.lease_until < now())
  ORDER BY j.run_after, j.id
  LIMIT most
$$;

DO $$
DECLARE
  wanted text;
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  FOREACH wanted IN ARRAY ARRAY['export_turns_begun()', 'upkeep_unfinished_jobs(integer)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', wanted);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO docket_app', wanted);
    EXECUTE format('ALTER FUNCTION %s OWNER TO docket_upkeep', wanted);
  END LOOP;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
