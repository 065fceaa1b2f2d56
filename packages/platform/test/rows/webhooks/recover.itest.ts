import { untilBlocked } from "@docket/testing";
import { recoverDeliveries } from "../../../src/rows/index.ts";
import { createRowsStage, type RowsTenant } from "../stage.ts";

const stage = createRowsStage();

/** Events before the last one, an hour apart. The endpoint has missed all of them. */
const EVENTS = 9_600;

const RECENT_HOURS = 5;

/** @param late the hours by which every tenth event occurred before the others around it. */
async function addMissed(tenant: RowsTenant, late = 0): Promise<string> {
  const { owner } = stage;
  await owner.query(
    `INSERT INTO events (tenant_id, seq, id, type, subject, actor, at, data, salt, data_hash, hash, audit_seq)
     SELECT $1, n, gen_random_uuid(), 'dispute.won', 's', 'a',
            now() - make_interval(hours => $2 - n + CASE WHEN n % 10 = 0 THEN $3 ELSE 0 END), '{}', '', '', '', n
     FROM generate_series(1, $2::int) n`,
    [tenant.tenantId, EVENTS, late],
  );
  await owner.query("INSERT INTO event_heads (tenant_id, seq, hash) VALUES ($1, $2, '')", [
    tenant.tenantId,
    EVENTS,
  ]);
  const { rows } = await owner.query<{ id: string }>(
    `INSERT INTO webhook_endpoints (tenant_id, url, types, secrets, last_seq)
     VALUES ($1, 'https://example.com', '{dispute.*}', '[]', $2) RETURNING id`,
    [tenant.tenantId, EVENTS],
  );
  await owner.query("ANALYZE events");
  return rows[0]!.id;
}

const sinceHours = (hours: number): string =>
  new Date(Date.now() - hours * 3_600_000).toISOString();

const recover = (tenant: RowsTenant, endpointId: string, since: string): Promise<number> =>
  tenant.run(() => stage.database.transaction((tx) => recoverDeliveries(tx, endpointId, since)));

async function rowsRead(): Promise<number> {
  // The statistics of a connection are sent when it is idle.
  const { pool } = stage.database;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      pool.query("SELECT pg_stat_force_next_flush(), pg_sleep(0.05)"),
    ),
  );
  const { rows } = await pool.query<{ read: string }>(
    "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_user_tables WHERE relname = 'events'",
  );
  return Number(rows[0]!.read);
}

it("reads only the events of about the time that it recovers", async () => {
  const tenant = await stage.addTenant();
  const endpointId = await addMissed(tenant);
  const before = await rowsRead();
  expect(await recover(tenant, endpointId, sinceHours(RECENT_HOURS - 0.5))).toBe(RECENT_HOURS);
  // The margin of a day, and a search over the others.
  expect((await rowsRead()) - before).toBeLessThan(200);
  expect(await recover(tenant, endpointId, sinceHours(RECENT_HOURS - 0.5))).toBe(0);
});

it("finds events whose numbers do not rise with their time", async () => {
  const tenant = await stage.addTenant();
  const endpointId = await addMissed(tenant, 20);
  const since = sinceHours(100.5);
  const { rows } = await stage.owner.query<{ count: number }>(
    "SELECT count(*)::int FROM events WHERE tenant_id = $1 AND at >= $2",
    [tenant.tenantId, since],
  );
  expect(await recover(tenant, endpointId, since)).toBe(rows[0]!.count);
});

it("searches without the lock of the endpoint", async () => {
  const tenant = await stage.addTenant();
  const endpointId = await addMissed(tenant);
  const { owner } = stage;
  await owner.query("BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
  const recovered = recover(tenant, endpointId, sinceHours(RECENT_HOURS - 0.5));
  await untilBlocked(owner);
  await owner.query("SELECT FROM webhook_endpoints WHERE id = $1 FOR UPDATE NOWAIT", [endpointId]);
  await owner.query("COMMIT");
  expect(await recovered).toBe(RECENT_HOURS);
});
