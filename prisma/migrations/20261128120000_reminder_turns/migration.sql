-- As before, but tenants take turns: each has one dispute in the list before any has a second one. A tenant whose disputes share a
-- deadline would otherwise fill the list, and keep the others waiting. Within a turn the order is random, so that the limit hides no
-- tenant for long.
DROP FUNCTION upkeep_due_reminders(integer);
CREATE FUNCTION upkeep_due_reminders(most integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT due.tenant_id, due.id
  FROM (
    SELECT d.tenant_id, d.id, row_number() OVER (PARTITION BY d.tenant_id ORDER BY d.remind_at) AS turn
    FROM public.disputes d
    WHERE d.state IN ('OPEN', 'PENDING_EVIDENCE') AND d.remind_at IS NOT NULL AND d.remind_at <= now()) due
  WHERE due.turn <= most
  ORDER BY due.turn, random()
  LIMIT most
$$;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION upkeep_due_reminders(integer) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION upkeep_due_reminders(integer) TO docket_app;
  ALTER FUNCTION upkeep_due_reminders(integer) OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
