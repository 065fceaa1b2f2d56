-- The roles. Both are NOLOGIN: an operator's logins are granted docket_app; nobody is granted docket_upkeep.
-- Roles belong to the cluster, not to the database, so another database's migration may have made them already,
-- or be making them at this moment.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['docket_app', 'docket_upkeep'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO docket_app', current_database());
END
$$;

-- RFC 9562 UUID version 7: 48 bits of milliseconds, then randomness. PostgreSQL has one of its own from 18 on; we run from 16 on.
CREATE FUNCTION uuid_v7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6),
      52, 1), 53, 1),
    'hex')::uuid
$$;

CREATE TABLE contexts (
  id         uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id  uuid NOT NULL,
  name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT contexts_pkey PRIMARY KEY (tenant_id, id)
);
-- Names are unique in the tenant; finds a context by name.
CREATE UNIQUE INDEX contexts_tenant_id_name_key ON contexts (tenant_id, name);

CREATE TABLE sources (
  id         uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id  uuid NOT NULL,
  context_id uuid NOT NULL,
  name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  type       text NOT NULL CHECK (type IN ('LEDGER', 'BANK', 'GATEWAY', 'CUSTOM')),
  side       text NOT NULL CHECK (side IN ('LEFT', 'RIGHT')),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT sources_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT sources_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- Names are unique in the context; lists a context's sources and resolves `source` in records.
CREATE UNIQUE INDEX sources_tenant_id_context_id_name_key ON sources (tenant_id, context_id, name);

CREATE TABLE transactions (
  id          uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id   uuid NOT NULL,
  context_id  uuid NOT NULL,
  source_id   uuid NOT NULL,
  external_id text NOT NULL,
  amount      numeric(28, 8) NOT NULL,
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- Four-digit years, so that RFC 3339 can write every date.
  date        timestamptz(3) NOT NULL CHECK (date >= '0001-01-01Z' AND date < '10000-01-01Z'),
  description text,
  status      text NOT NULL DEFAULT 'UNMATCHED' CHECK (status IN ('UNMATCHED', 'MATCHED', 'IGNORED', 'PENDING_REVIEW')),
  created_at  timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at  timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT transactions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transactions_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT transactions_tenant_id_source_id_fkey FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- The upsert key of the records call, and how other records find their transaction.
CREATE UNIQUE INDEX transactions_tenant_id_source_id_external_id_key ON transactions (tenant_id, source_id, external_id);
-- MATCHED and VARIANCE: a context's transactions in a date range, in the reports' order.
CREATE INDEX transactions_by_date ON transactions (tenant_id, context_id, date, id);
-- UNMATCHED: the same without the many that are matched.
CREATE INDEX transactions_not_matched ON transactions (tenant_id, context_id, date, id) WHERE status <> 'MATCHED';

CREATE TABLE match_groups (
  id          uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id   uuid NOT NULL,
  context_id  uuid NOT NULL,
  external_id text NOT NULL,
  status      text NOT NULL DEFAULT 'CONFIRMED' CHECK (status IN ('PROPOSED', 'CONFIRMED', 'REJECTED', 'REVOKED')),
  rule        text,
  confidence  numeric(5, 2) CHECK (confidence BETWEEN 0 AND 100),
  created_at  timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at  timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT match_groups_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT match_groups_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- The upsert key of the records call; MATCHED reads a context's groups by its prefix.
CREATE UNIQUE INDEX match_groups_tenant_id_context_id_external_id_key ON match_groups (tenant_id, context_id, external_id);

CREATE TABLE match_group_items (
  tenant_id      uuid NOT NULL,
  match_group_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  amount         numeric(28, 8) NOT NULL,
  -- MATCHED: the items of a group. A transaction stands once in a group.
  CONSTRAINT match_group_items_pkey PRIMARY KEY (tenant_id, match_group_id, transaction_id),
  CONSTRAINT match_group_items_tenant_id_match_group_id_fkey FOREIGN KEY (tenant_id, match_group_id) REFERENCES match_groups (tenant_id, id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT match_group_items_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- MATCHED from the transaction's side; the allocation check of the records call.
CREATE INDEX match_group_items_by_transaction ON match_group_items (tenant_id, transaction_id);

CREATE TABLE fee_variances (
  id                uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id         uuid NOT NULL,
  context_id        uuid NOT NULL,
  external_id       text NOT NULL,
  source_id         uuid NOT NULL,
  transaction_id    uuid NOT NULL,
  fee_schedule_id   text NOT NULL,
  fee_schedule_name text NOT NULL,
  currency          text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  expected          numeric(28, 8) NOT NULL,
  actual            numeric(28, 8) NOT NULL,
  created_at        timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at        timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT fee_variances_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT fee_variances_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT fee_variances_tenant_id_source_id_fkey FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT fee_variances_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- The upsert key of the records call; VARIANCE reads a context's fees by its prefix.
CREATE UNIQUE INDEX fee_variances_tenant_id_context_id_external_id_key ON fee_variances (tenant_id, context_id, external_id);
-- The foreign key's own look-up.
CREATE INDEX fee_variances_by_transaction ON fee_variances (tenant_id, transaction_id);

CREATE TABLE exceptions (
  id               uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id        uuid NOT NULL,
  context_id       uuid NOT NULL,
  transaction_id   uuid NOT NULL,
  severity         text NOT NULL CHECK (severity IN ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
  status           text NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'ASSIGNED', 'PENDING_RESOLUTION', 'RESOLVED')),
  reason           text,
  assigned_to      text,
  due_at           timestamptz(3) CHECK (due_at >= '0001-01-01Z' AND due_at < '10000-01-01Z'),
  resolution_type  text,
  resolution_notes text,
  created_at       timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP CHECK (created_at >= '0001-01-01Z' AND created_at < '10000-01-01Z'),
  updated_at       timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT exceptions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT exceptions_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT exceptions_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- The upsert key of the records call (a transaction has at most one); UNMATCHED joins by it.
CREATE UNIQUE INDEX exceptions_tenant_id_transaction_id_key ON exceptions (tenant_id, transaction_id);
-- EXCEPTIONS: a context's exceptions in a range of created_at, in the report's order; the exceptions list.
CREATE INDEX exceptions_by_creation ON exceptions (tenant_id, context_id, created_at, id);

CREATE TABLE export_jobs (
  id               uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id        uuid NOT NULL,
  context_id       uuid NOT NULL,
  report_type      text NOT NULL CHECK (report_type IN ('MATCHED', 'UNMATCHED', 'VARIANCE', 'EXCEPTIONS')),
  format           text NOT NULL CHECK (format IN ('CSV', 'JSON', 'XML')),
  date_from        date NOT NULL,
  date_to          date NOT NULL CHECK (date_to >= date_from),
  source_id        uuid,
  status           text NOT NULL DEFAULT 'QUEUED' CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'EXPIRED', 'CANCELED')),
  claim            integer NOT NULL DEFAULT 0,
  attempts         integer NOT NULL DEFAULT 0,
  lease_until      timestamptz(3),
  run_after        timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  records_written  bigint NOT NULL DEFAULT 0,
  records_expected bigint,
  bytes_written    bigint NOT NULL DEFAULT 0,
  file_name        text,
  object_key       text,
  sha256           text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  as_of            timestamptz(3),
  requested_by     text NOT NULL,
  request_id       text,
  error            text,
  error_code       text,
  created_at       timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  started_at       timestamptz(3),
  finished_at      timestamptz(3),
  expires_at       timestamptz(3),
  CONSTRAINT export_jobs_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT export_jobs_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT export_jobs_tenant_id_source_id_fkey FOREIGN KEY (tenant_id, source_id) REFERENCES sources (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  -- What a state promises its readers; no code path can store half of it.
  CONSTRAINT export_jobs_running_has_lease CHECK (status <> 'RUNNING' OR lease_until IS NOT NULL),
  CONSTRAINT export_jobs_succeeded_has_file CHECK (status <> 'SUCCEEDED' OR
    (object_key IS NOT NULL AND sha256 IS NOT NULL AND file_name IS NOT NULL AND finished_at IS NOT NULL AND expires_at IS NOT NULL)),
  CONSTRAINT export_jobs_failed_says_why CHECK ((status = 'FAILED') = (error IS NOT NULL AND error_code IS NOT NULL))
);
-- All of a tenant's jobs, newest first.
CREATE INDEX export_jobs_by_creation ON export_jobs (tenant_id, created_at, id);
-- A context's jobs, newest first.
CREATE INDEX export_jobs_by_context ON export_jobs (tenant_id, context_id, created_at, id);
-- The reconciler: unfinished jobs, which are few.
CREATE INDEX export_jobs_unfinished ON export_jobs (run_after) WHERE status IN ('QUEUED', 'RUNNING');
-- The retention sweeper: files whose time is over.
CREATE INDEX export_jobs_expiring ON export_jobs (expires_at) WHERE status = 'SUCCEEDED';

CREATE TABLE disputes (
  id            uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id     uuid NOT NULL,
  context_id    uuid NOT NULL,
  exception_id  uuid NOT NULL,
  category      text NOT NULL CHECK (category IN ('BANK_FEE_ERROR', 'UNRECOGNIZED_CHARGE', 'DUPLICATE_TRANSACTION', 'OTHER')),
  state         text NOT NULL CHECK (state IN ('DRAFT', 'OPEN', 'PENDING_EVIDENCE', 'WON', 'LOST')),
  description   text NOT NULL,
  opened_by     text NOT NULL,
  opened_at     timestamptz(3),
  resolution    text,
  closed_by     text,
  closed_at     timestamptz(3),
  reopen_reason text,
  version       integer NOT NULL DEFAULT 1,
  created_at    timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at    timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT disputes_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT disputes_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES contexts (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT disputes_tenant_id_exception_id_fkey FOREIGN KEY (tenant_id, exception_id) REFERENCES exceptions (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT disputes_closed_has_resolution CHECK ((state IN ('WON', 'LOST')) = (resolution IS NOT NULL AND closed_by IS NOT NULL AND closed_at IS NOT NULL))
);
-- EXCEPTIONS: an exception's latest dispute; an exception's list of disputes.
CREATE INDEX disputes_by_exception ON disputes (tenant_id, exception_id, created_at, id);
-- The disputes list, by its default sort.
CREATE INDEX disputes_by_creation ON disputes (tenant_id, created_at, id);

CREATE TABLE evidence (
  id           uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id    uuid NOT NULL,
  dispute_id   uuid NOT NULL,
  comment      text NOT NULL,
  submitted_by text NOT NULL,
  submitted_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  file_url     text,
  object_key   text,
  file_name    text,
  content_type text,
  size_bytes   bigint,
  sha256       text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT evidence_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT evidence_tenant_id_dispute_id_fkey FOREIGN KEY (tenant_id, dispute_id) REFERENCES disputes (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  -- A reference or a file of ours, and then whole.
  CONSTRAINT evidence_url_or_file CHECK (
    (file_url IS NOT NULL AND num_nonnulls(object_key, file_name, content_type, size_bytes, sha256) = 0)
    OR (file_url IS NULL AND num_nulls(object_key, file_name, content_type, size_bytes, sha256) = 0))
);
-- A dispute's evidence in the order it came.
CREATE INDEX evidence_by_dispute ON evidence (tenant_id, dispute_id, submitted_at, id);

CREATE TABLE dispute_events (
  id          uuid NOT NULL DEFAULT uuid_v7(),
  tenant_id   uuid NOT NULL,
  dispute_id  uuid NOT NULL,
  version     integer NOT NULL,
  type        text NOT NULL,
  "from"      text,
  "to"        text,
  actor       text NOT NULL,
  at          timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  note        text,
  evidence_id uuid,
  CONSTRAINT dispute_events_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT dispute_events_tenant_id_dispute_id_fkey FOREIGN KEY (tenant_id, dispute_id) REFERENCES disputes (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- A dispute's history in order; two writers cannot both be its n-th change.
CREATE UNIQUE INDEX dispute_events_tenant_id_dispute_id_version_key ON dispute_events (tenant_id, dispute_id, version);

CREATE TABLE audit_events (
  seq        bigserial NOT NULL,
  tenant_id  uuid NOT NULL,
  actor      text NOT NULL,
  action     text NOT NULL,
  subject    text NOT NULL,
  request_id text,
  at         timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT audit_events_pkey PRIMARY KEY (seq)
);
-- A tenant's events in order.
CREATE INDEX audit_events_by_tenant ON audit_events (tenant_id, seq);

CREATE TABLE idempotency_keys (
  tenant_id    uuid NOT NULL,
  principal    text NOT NULL,
  method       text NOT NULL,
  path         text NOT NULL,
  key          text NOT NULL,
  fingerprint  text,
  locked_until timestamptz(3),
  status       integer,
  headers      jsonb,
  body         jsonb,
  created_at   timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at   timestamptz(3) NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, principal, method, path, key)
);
-- Forgetting keys after their day.
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

CREATE TABLE stored_objects (
  key          text NOT NULL,
  tenant_id    uuid NOT NULL,
  owner        text NOT NULL,
  upload_id    text,
  created_at   timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  committed_at timestamptz(3),
  CONSTRAINT stored_objects_pkey PRIMARY KEY (key),
  -- A key that does not begin with its tenant would let one tenant shadow another's object.
  CONSTRAINT stored_objects_key_of_tenant CHECK (starts_with(key, tenant_id::text || '/'))
);
-- The orphan sweeper: what was begun and never committed.
CREATE INDEX stored_objects_uncommitted ON stored_objects (created_at) WHERE committed_at IS NULL;

-- What the apps may do. History and audit are append-only by privilege, not by habit.
GRANT USAGE ON SCHEMA public TO docket_app, docket_upkeep;
GRANT SELECT, INSERT ON contexts, sources, dispute_events, audit_events, evidence TO docket_app;
GRANT USAGE ON SEQUENCE audit_events_seq_seq TO docket_app;
GRANT SELECT, INSERT, UPDATE ON transactions, match_groups, fee_variances, exceptions, export_jobs, disputes TO docket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON match_group_items, idempotency_keys, stored_objects TO docket_app;

-- Row-level security: the one wall between tenants. The tenant of a connection is the setting app.tenant
-- (packages/platform/src/database/tenant.ts sets it, nothing else does). With none, no row is visible.
-- nullif: a setting that was once set reads '' afterwards, and ''::uuid would throw.
-- (SELECT …): evaluated once a statement instead of once a row.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['contexts', 'sources', 'transactions', 'match_groups', 'match_group_items', 'fee_variances',
    'exceptions', 'export_jobs', 'disputes', 'evidence', 'dispute_events', 'audit_events', 'idempotency_keys', 'stored_objects'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wanted);
    EXECUTE format($policy$
      CREATE POLICY tenant_only ON %I TO docket_app
      USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
      WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
    $policy$, wanted);
  END LOOP;
END
$$;

-- Upkeep across tenants: three questions, answered with ids only, by functions of a role that may read these
-- two tables and do nothing else. What the sweepers then change, they change as the row's own tenant.
GRANT SELECT ON export_jobs, stored_objects TO docket_upkeep;
CREATE POLICY upkeep_reads ON export_jobs FOR SELECT TO docket_upkeep USING (true);
CREATE POLICY upkeep_reads ON stored_objects FOR SELECT TO docket_upkeep USING (true);

-- Jobs that should be in the queue: QUEUED and due, or RUNNING with a lease that ran out.
CREATE FUNCTION upkeep_unfinished_jobs(most integer)
RETURNS TABLE (tenant_id uuid, id uuid, status text, claim integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT j.tenant_id, j.id, j.status, j.claim
  FROM public.export_jobs j
  WHERE (j.status = 'QUEUED' AND j.run_after <= now()) OR (j.status = 'RUNNING' AND j.lease_until < now())
  ORDER BY j.run_after, j.id
  LIMIT most
$$;

-- Files whose retention is over.
CREATE FUNCTION upkeep_expired_exports(most integer)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT j.tenant_id, j.id
  FROM public.export_jobs j
  WHERE j.status = 'SUCCEEDED' AND j.expires_at <= now()
  ORDER BY j.expires_at
  LIMIT most
$$;

-- Objects that were begun before the given instant and never committed.
CREATE FUNCTION upkeep_uncommitted_objects(begun_before timestamptz, most integer)
RETURNS TABLE (tenant_id uuid, key text, owner text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT o.tenant_id, o.key, o.owner
  FROM public.stored_objects o
  WHERE o.committed_at IS NULL AND o.created_at < begun_before
  ORDER BY o.created_at
  LIMIT most
$$;

-- The new owner must be a role that we are a member of and that may create in the schema at this moment.
DO $$
DECLARE
  wanted text;
BEGIN
  EXECUTE format('GRANT docket_upkeep TO %I WITH INHERIT FALSE, SET TRUE', current_user);
  GRANT CREATE ON SCHEMA public TO docket_upkeep;
  FOREACH wanted IN ARRAY ARRAY['upkeep_unfinished_jobs(integer)', 'upkeep_expired_exports(integer)', 'upkeep_uncommitted_objects(timestamptz, integer)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', wanted);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO docket_app', wanted);
    EXECUTE format('ALTER FUNCTION %s OWNER TO docket_upkeep', wanted);
  END LOOP;
  REVOKE CREATE ON SCHEMA public FROM docket_upkeep;
END
$$;
