-- Endpoints with new events, except for some. Tenants take turns: each has one endpoint in the list before any has a second one.
-- Otherwise the order is random, so that the limit hides none for long, and two workers seldom take the same ones.
--
-- Those with many deliveries that have not started wait. Counting these is what costs most, so the endpoints with new events are
-- sorted first, and the deliveries are counted only until the limit is reached.
CREATE FUNCTION webhook_endpoints_behind(most integer, excluded uuid[]) RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT b.tenant_id, b.id
  FROM (
    SELECT w.tenant_id, w.id, row_number() OVER (PARTITION BY w.tenant_id ORDER BY random()) AS turn, random() AS draw
    FROM public.webhook_endpoints w JOIN public.event_heads h ON h.tenant_id = w.tenant_id
    WHERE w.enabled AND w.deleted_at IS NULL AND w.last_seq < h.seq AND w.id <> ALL (excluded)
    ORDER BY turn, draw) b
  WHERE NOT EXISTS (
    SELECT FROM public.webhook_deliveries d
    WHERE d.tenant_id = b.tenant_id AND d.endpoint_id = b.id AND d.status = 'PENDING' AND NOT d.started
    ORDER BY d.seq OFFSET 499)
  ORDER BY b.turn, b.draw
  LIMIT most
$$;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  REVOKE ALL ON FUNCTION webhook_endpoints_behind(integer, uuid[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION webhook_endpoints_behind(integer, uuid[]) TO docket_app;
  ALTER FUNCTION webhook_endpoints_behind(integer, uuid[]) OWNER TO docket_upkeep;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;

-- No release has called it.
DROP FUNCTION webhook_endpoints_behind(integer);
