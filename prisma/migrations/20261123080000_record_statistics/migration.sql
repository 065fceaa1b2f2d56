-- The planner's statistics of what a load of records fills, which only a table's owner may renew (docs/decisions/0008): hence its
-- rights. It takes and tells nothing. A table that is being analyzed or vacuumed just now is passed over, not waited for.
CREATE FUNCTION analyze_records() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  ANALYZE (SKIP_LOCKED) public.transactions, public.match_groups, public.match_group_items, public.fee_variances, public.exceptions;
END
$$;

REVOKE ALL ON FUNCTION analyze_records() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analyze_records() TO docket_app;
