-- Takes the lock that ALTER TABLE needs. Exports read some tables, for minutes if need be. Waiting for them would make every other
-- statement wait behind this one, so it gives up after 2 s and tries again.
CREATE FUNCTION lock_table_with_retry(relation regclass) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  FOR attempt IN 1..600 LOOP
    BEGIN
      SET LOCAL lock_timeout = '2s';
      EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
      SET LOCAL lock_timeout = 0;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      PERFORM pg_sleep(1);
    END;
  END LOOP;
  RAISE EXCEPTION 'no lock on the table % within 30 minutes: run the migration again when fewer exports are running', relation;
END
$$;
REVOKE ALL ON FUNCTION lock_table_with_retry(regclass) FROM PUBLIC;

SELECT lock_table_with_retry('exceptions');
-- People change exceptions (docs/api.md §8). The defaults suit existing rows: nobody has changed them yet.
ALTER TABLE exceptions
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  -- NULL also in rows that the previous release resolved: they count as resolved at their last change.
  ADD COLUMN resolved_at timestamptz(3),
  -- How many history events people have caused. Above 0, a change by an ingest is a history event too.
  ADD COLUMN manual_events integer NOT NULL DEFAULT 0,
  -- The fields that people have set and that an ingest leaves as they are.
  ADD COLUMN manual_fields text[] NOT NULL DEFAULT '{}';

CREATE TABLE exception_events (
  id           uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id    uuid NOT NULL,
  exception_id uuid NOT NULL,
  version      integer NOT NULL,
  type         text NOT NULL CHECK (type IN ('updated', 'resolved', 'reopened')),
  actor        text NOT NULL,
  at           timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  changes      jsonb NOT NULL,
  note         text,
  CONSTRAINT exception_events_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT exception_events_tenant_id_exception_id_fkey FOREIGN KEY (tenant_id, exception_id) REFERENCES exceptions (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- An exception's history in order. Two transactions cannot both write its n-th version.
CREATE UNIQUE INDEX exception_events_tenant_id_exception_id_version_key ON exception_events (tenant_id, exception_id, version);

-- Append-only, like dispute_events.
GRANT SELECT, INSERT ON exception_events TO docket_app;
ALTER TABLE exception_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON exception_events TO docket_app
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
