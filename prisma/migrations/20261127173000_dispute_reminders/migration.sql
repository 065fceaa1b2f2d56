SELECT lock_table_with_retry('disputes');
-- Reminders of the deadline of a dispute (docs/api.md §8): 72 and 24 hours before `respond_by`, and when it has passed.
ALTER TABLE disputes
  -- The next reminder: how many hours before `respond_by`, and when that is. NULL after the last one.
  ADD COLUMN reminder_hours smallint CHECK (reminder_hours IN (72, 24, 0)),
  ADD COLUMN remind_at timestamptz(3);

-- What else an audit event says: of a reminder, the hours that are left.
ALTER TABLE audit_events ADD COLUMN data jsonb;

-- The reminders that were sent. The primary key makes each one unique for each value of `respond_by`, however often a deadline
-- moves away and back.
CREATE TABLE dispute_reminders (
  tenant_id  uuid NOT NULL,
  dispute_id uuid NOT NULL,
  respond_by timestamptz(3) NOT NULL,
  hours      smallint NOT NULL,
  sent_at    timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT dispute_reminders_pkey PRIMARY KEY (tenant_id, dispute_id, respond_by, hours),
  CONSTRAINT dispute_reminders_tenant_id_dispute_id_fkey FOREIGN KEY (tenant_id, dispute_id) REFERENCES disputes (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
GRANT SELECT, INSERT ON dispute_reminders TO docket_app;
ALTER TABLE dispute_reminders ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON dispute_reminders TO docket_app
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));

-- The reminders that are due, of all tenants.
CREATE INDEX disputes_reminders_due ON disputes (remind_at) WHERE state IN ('OPEN', 'PENDING_EVIDENCE') AND remind_at IS NOT NULL;

-- Upkeep across tenants: IDs only, as in the first migration. The reminder is then sent as the row's own tenant.
GRANT SELECT (tenant_id, id, state, remind_at) ON disputes TO docket_upkeep;
CREATE POLICY upkeep_reads ON disputes FOR SELECT TO docket_upkeep USING (true);

CREATE FUNCTION upkeep_due_reminders(most integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT d.tenant_id, d.id
  FROM public.disputes d
  WHERE d.state IN ('OPEN', 'PENDING_EVIDENCE') AND d.remind_at IS NOT NULL AND d.remind_at <= now()
  ORDER BY d.remind_at
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
