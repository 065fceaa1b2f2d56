import { randomUUID } from "node:crypto";
import { CHAIN_START, verifyEvent } from "@docket/domain";
import { withTenant } from "@docket/platform/database";
import { numberEvents, readEvents, recordEvent, sha256 } from "@docket/platform/rows";
import { addContext, createDatabaseStage, waitFor, type DatabaseStage } from "@docket/testing";
import pg from "pg";
import { runErase } from "../src/erase/command.ts";

let stage: DatabaseStage;
beforeEach(async () => {
  stage = await createDatabaseStage();
});
afterEach(() => stage.close());

const erase = (...args: string[]) => runErase(args, stage.test.ownerUrl);

const query = async (
  sql: string,
  values: readonly unknown[] = [],
): Promise<pg.QueryResult["rows"]> => (await stage.owner.query(sql, [...values])).rows;

/** In every text that a person may have written. */
const SECRET = "Jane Doe";

/** The tables that contain `text` anywhere. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await query("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await query(`SELECT FROM ${name} t WHERE t::text LIKE $1 LIMIT 1`, [`%${text}%`]);
    if (rows.length > 0) found.push(name);
  }
  return found.toSorted();
}

type Planted = Awaited<ReturnType<typeof plant>>;

/** A tenant with a dispute whose texts are everywhere, and events of it, the last of which has no number yet. */
async function plant() {
  const { tenantId, contextId } = await addContext(stage.database, { transactions: 2 });
  await query(`UPDATE transactions SET description = $2 WHERE tenant_id = $1`, [tenantId, SECRET]);
  const [exception] = await query(
    `INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, reason, assigned_to, resolution_type, resolution_notes)
     SELECT tenant_id, context_id, id, 'LOW', $2, $2, $2, $2 FROM transactions WHERE tenant_id = $1 AND external_id = 'T1' RETURNING id`,
    [tenantId, SECRET],
  );
  await query(
    `INSERT INTO exception_events (tenant_id, exception_id, version, type, actor, changes, note)
     VALUES ($1, $2, 1, 'updated', 'ada', $3, $4)`,
    [
      tenantId,
      exception.id,
      JSON.stringify([
        { field: "assignedTo", to: SECRET },
        { field: "resolutionType", to: SECRET },
        { field: "severity", from: "HIGH", to: "LOW" },
      ]),
      SECRET,
    ],
  );
  const [dispute] = await query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, resolution, closed_by, closed_at,
       reopen_reason, assigned_to, reference)
     VALUES ($1, $2, $3, 'OTHER', 'WON', $4, 'ada', $4, 'ada', now(), $4, $4, $4) RETURNING id`,
    [tenantId, contextId, exception.id, SECRET],
  );
  await query(
    `INSERT INTO dispute_events (tenant_id, dispute_id, version, type, actor, note) VALUES ($1, $2, 1, 'note-added', 'ada', $3)`,
    [tenantId, dispute.id, SECRET],
  );
  const objectKey = `${tenantId}/evidence/file`;
  await query(
    `INSERT INTO stored_objects (key, tenant_id, owner, committed_at) VALUES ($1, $2, 'evidence:' || gen_random_uuid(), now())`,
    [objectKey, tenantId],
  );
  await query(
    `INSERT INTO evidence (tenant_id, dispute_id, comment, submitted_by, file_url, object_key, file_name, content_type, size_bytes, sha256)
     VALUES ($1, $2, $3, 'ada', 'https://x/' || $3, NULL, NULL, NULL, NULL, NULL),
            ($1, $2, $3, 'ada', NULL, $4, $3, 'image/png', 1, repeat('a', 64))`,
    [tenantId, dispute.id, SECRET, objectKey],
  );
  const subject = `/v1/disputes/${dispute.id}`;
  for (const about of [subject, `/v1/exceptions/${exception.id}`, subject]) {
    if (about === subject) await number();
    await write(tenantId, about, SECRET);
  }
  await query(
    `INSERT INTO idempotency_keys (tenant_id, principal, method, path, key, fingerprint, status, headers, body, body_bytes, expires_at)
     VALUES ($1, 'ada', 'POST', '/v1/x', 'k', 'f', 201, '{}', $2, 1, now() + interval '1 day'),
            ($1, 'ada', 'POST', '/v1/y', 'k', 'f', 202, '{}', NULL, NULL, now() + interval '1 day')`,
    [tenantId, JSON.stringify({ id: dispute.id, state: "WON", description: SECRET })],
  );
  const [endpoint] = await query(
    `INSERT INTO webhook_endpoints (tenant_id, url, types, secrets) VALUES ($1, 'https://x/', '{dispute.won}', '[]') RETURNING id`,
    [tenantId],
  );
  await query(
    `INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, seq, type, event_at, status, next_attempt_at, attempts)
     VALUES ($1, $2, gen_random_uuid(), 1, 'dispute.won', now(), 'DELIVERED', NULL, $3)`,
    [
      tenantId,
      endpoint.id,
      JSON.stringify([{ at: "now", responseStatus: 200, responseBody: SECRET }]),
    ],
  );
  return {
    tenantId,
    contextId,
    objectKey,
    disputeId: dispute.id,
    exceptionId: exception.id,
    subject,
  };
}

const write = (tenantId: string, subject: string, text: string): Promise<void> =>
  withTenant(tenantId, () =>
    stage.database.transaction((tx) =>
      recordEvent(tx, {}, { type: "dispute.updated", subject, data: { text } }),
    ),
  );

const number = () => numberEvents(stage.database.pool);

/** The events of the feed, after a check of their chain. */
async function verifiedEvents(tenantId: string) {
  await number();
  const events = await withTenant(tenantId, () =>
    readEvents(stage.database.pool, { after: 0, limit: 100 }),
  );
  let head = CHAIN_START;
  for (const { at, requestId, data, ...rest } of events) {
    const next = verifyEvent(sha256, head, {
      ...rest,
      at: at.toISOString(),
      ...(requestId !== null && { requestId }),
      data: data === null ? null : JSON.parse(data),
    });
    if ("fault" in next) throw new Error(`event ${next.seq} ${next.fault}`);
    head = next;
  }
  return events;
}

const orphan = ({ objectKey }: Planted) =>
  query("SELECT owner, committed_at FROM stored_objects WHERE key = $1", [objectKey]);

it("erases the texts of a dispute and their copies; amounts, states and the chain stay", async () => {
  const planted = await plant();
  const { tenantId, subject, disputeId } = planted;
  const args = ["--tenant", tenantId, "--subject", subject];
  const { text } = await erase(...args);
  expect(text).toContain("disputes: 1\n  evidence: 2\n  events: 1\nNothing was changed.");
  expect(await tablesWith(SECRET)).toHaveLength(10);

  const dispute = "SELECT version, state, disputed_amount FROM disputes WHERE id = $1";
  const [before] = await query(dispute, [disputeId]);
  expect(await erase(...args, "--yes")).toMatchObject({ exitCode: 0 });
  // The exception, its transaction and the event of the exception are another subject.
  expect(await tablesWith(SECRET)).toEqual([
    "audit_events",
    "events",
    "exception_events",
    "exceptions",
    "transactions",
  ]);
  expect(await query(dispute, [disputeId])).toEqual([{ ...before, version: before.version + 1 }]);
  expect(await orphan(planted)).toEqual([
    { owner: expect.stringContaining("orphan:"), committed_at: null },
  ]);
  const events = await verifiedEvents(tenantId);
  expect(events.map(({ data }) => data)).toEqual([null, `{"text":"${SECRET}"}`, "{}"]);
  const [{ body }] = await query("SELECT body FROM idempotency_keys WHERE body IS NOT NULL");
  expect(JSON.parse(body)).toEqual({ id: disputeId, state: "WON", description: "[erased]" });

  const again = await erase(...args, "--yes");
  expect(again.exitCode).toBe(0);
  const [{ version }] = await query(dispute, [disputeId]);
  expect(version).toBe(before.version + 1);
});

it("erases a transaction together with its exception and disputes, and expires the exports of the context", async () => {
  const { tenantId, contextId } = await plant();
  await query("UPDATE transactions SET description = NULL WHERE external_id = 'T2'");
  const [{ id }] = await query("SELECT id FROM transactions WHERE external_id = 'T1'");
  await query(
    `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by, status, object_key, sha256,
       file_name, finished_at, expires_at, lease_until, holder)
     VALUES ($1, $2, 'UNMATCHED', 'CSV', now(), now(), 'ada', 'SUCCEEDED', 'k', repeat('a', 64), 'f', now(), now() + interval '1 day',
             NULL, NULL),
            ($1, $2, 'UNMATCHED', 'CSV', now(), now(), 'ada', 'RUNNING', NULL, NULL, NULL, NULL, NULL, now() + interval '20 s', $3)`,
    [tenantId, contextId, randomUUID()],
  );
  const args = ["--tenant", tenantId, "--subject", `/v1/transactions/${id}`, "--yes"];
  expect(await erase(...args)).toMatchObject({ exitCode: 0 });
  expect(await tablesWith(SECRET)).toEqual([]);
  const [{ changes }] = await query("SELECT changes FROM exception_events");
  expect(changes).toEqual([
    { field: "assignedTo" },
    { field: "resolutionType" },
    { field: "severity", from: "HIGH", to: "LOW" },
  ]);
  const jobs = await query(
    "SELECT status, expires_at <= now() AS expired, lease_until < now() AS lost FROM export_jobs ORDER BY status",
  );
  expect(jobs).toEqual([
    { status: "RUNNING", expired: null, lost: true },
    { status: "SUCCEEDED", expired: true, lost: null },
  ]);
});

const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: stage.test.ownerUrl });
  await client.connect();
  return client;
};

it("waits for a request that has read the texts and writes an event", async () => {
  const { tenantId, subject } = await plant();
  const request = await connect();
  await request.query("BEGIN");
  const { rows } = await request.query("SELECT description FROM disputes");
  let isDone = false;
  const erasing = erase("--tenant", tenantId, "--subject", subject, "--yes").finally(
    () => (isDone = true),
  );
  await waitFor(async () => {
    const [{ description }] = await query("SELECT description FROM disputes");
    return description === "[erased]";
  });
  await request.query(
    `INSERT INTO audit_events (tenant_id, actor, action, subject, data) VALUES ($1, 'ada', 'dispute.archived', $2, $3)`,
    [tenantId, subject, { text: rows[0].description }],
  );
  expect(isDone).toBe(false);
  await request.query("COMMIT");
  await request.end();
  expect(await erasing).toMatchObject({ exitCode: 0 });
  expect((await verifiedEvents(tenantId)).at(-1)).toMatchObject({
    type: "dispute.archived",
    data: "{}",
  });
});

it("waits for a batch of the sequencer that has read the data of an event", async () => {
  const { tenantId, subject } = await plant();
  const holder = await connect();
  await holder.query("BEGIN; SELECT FROM event_outbox FOR UPDATE");
  const numbering = number();
  // The locks of other tests' databases are listed, too.
  const waiting = (type: string) => async () => {
    const locks = await query(
      `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE NOT l.granted AND l.locktype = $1 AND a.datname = current_database()`,
      [type],
    );
    return locks.length > 0;
  };
  await waitFor(waiting("transactionid"));
  const erasing = erase("--tenant", tenantId, "--subject", subject, "--yes");
  await waitFor(waiting("advisory"));
  await holder.query("COMMIT");
  await holder.end();
  expect(await numbering).toMatchObject({ count: 1 });
  expect(await erasing).toMatchObject({ exitCode: 0 });
  expect((await verifiedEvents(tenantId)).at(-1)).toMatchObject({ subject, data: null });
});

it("changes the version of an exception that shows only the description of its transaction", async () => {
  const { tenantId, exceptionId } = await plant();
  await query(
    `UPDATE exceptions SET reason = NULL, assigned_to = NULL, resolution_type = NULL, resolution_notes = NULL WHERE id = $1`,
    [exceptionId],
  );
  const version = async () =>
    (await query("SELECT version FROM exceptions WHERE id = $1", [exceptionId]))[0].version;
  const before = await version();
  await erase("--tenant", tenantId, "--subject", `/v1/exceptions/${exceptionId}`, "--yes");
  expect(await version()).toBe(before + 1);
});

it("erases all rows and objects of a tenant, whatever a first run has left, and nothing of another one", async () => {
  const planted = await plant();
  const other = await plant();
  const { tenantId } = planted;
  const rowsOf = async (id: string) => {
    const tables = await query(
      `SELECT c.table_name AS name FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name
       WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id'`,
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables) {
      const [{ count }] = await query(
        `SELECT count(*)::int AS count FROM ${name} WHERE tenant_id = $1`,
        [id],
      );
      if (count > 0) counts[name] = count;
    }
    return counts;
  };
  const untouched = await rowsOf(other.tenantId);
  expect((await erase("--tenant", tenantId)).text).toContain("transactions: 2");
  expect(await rowsOf(tenantId)).toMatchObject({ transactions: 2, disputes: 1 });
  // As after a run that was killed in the middle.
  await query("DELETE FROM webhook_deliveries WHERE tenant_id = $1", [tenantId]);
  await query("DELETE FROM evidence WHERE tenant_id = $1", [tenantId]);

  expect(await erase("--tenant", tenantId, "--yes")).toMatchObject({ exitCode: 0 });
  const left = ["audit_events", "event_heads", "events", "stored_objects"];
  expect(Object.keys(await rowsOf(tenantId)).toSorted()).toEqual(left);
  expect(await orphan(planted)).toEqual([
    { owner: expect.stringContaining("orphan:"), committed_at: null },
  ]);
  const erased = await verifiedEvents(tenantId);
  expect(erased.map(({ data }) => data)).toEqual([null, null, null]);
  expect((await verifiedEvents(other.tenantId)).map(({ data }) => data)).not.toContain(null);
  expect({ ...(await rowsOf(other.tenantId)), events: 2 }).toEqual({ ...untouched, events: 2 });
});

it.each([
  [[], 2],
  [["--tenant", "x", "--yes"], 2],
  [["--tenant", randomUUID(), "--subject", "/v1/contexts", "--yes"], 2],
  [["--tenant", randomUUID(), "--subject", "", "--yes"], 2],
  [["--tenant", randomUUID(), "--subject", `/v1/disputes/${randomUUID()}`, "--yes"], 1],
] as const)("exits for %j with %i", async (args, exitCode) => {
  expect(await erase(...args)).toMatchObject({ exitCode });
});
