import {
  createFaultProxy,
  createTestDatabase,
  waitFor,
  type FaultProxy,
  type TestDatabase,
} from "@docket/testing";
import pg from "pg";
import { portOf, start } from "../support/process.ts";
import { line, openBody, send } from "../support/records.ts";
import { createStage, type Stage } from "../support/stage.ts";
import { createTenant, type Tenant } from "../support/tenant.ts";
import { SECRET, validToken } from "../support/tokens.ts";

let elsewhere: TestDatabase;
let proxy: FaultProxy;
let stage: Stage;
let tenant: Tenant;

beforeEach(async () => {
  elsewhere = await createTestDatabase();
  proxy = await createFaultProxy(elsewhere.appUrl);
  stage = await createStage({ databaseUrl: proxy.through(elsewhere.appUrl) });
  tenant = await createTenant(stage);
});

afterEach(async () => {
  await stage.close();
  await proxy.close();
  await elsewhere.drop();
});

/** Queries the database as its superuser. */
async function ask<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: elsewhere.superuserUrl });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const BACKENDS = `SELECT pid, state, wait_event FROM pg_stat_activity
  WHERE datname = current_database() AND query LIKE 'COPY ingest_rows%' AND state = 'active'`;

const TERMINATED = `SELECT pg_terminate_backend(pid) FROM (${BACKENDS}) running`;

describe("an ingest that loses its database connection", () => {
  it.each([
    ["by the end of its session", async () => void (await ask(TERMINATED))],
    ["by a network failure", () => proxy.refuse()],
  ])("%s gets 503, writes nothing, and may be sent again", async (_, cut) => {
    const body = openBody(line("A"));
    const pushed = tenant.push(body.chunks);
    await waitFor(async () => (await ask(BACKENDS)).length === 1);
    await cut();
    expect(await pushed).toMatchObject({
      status: 503,
      headers: { "retry-after": expect.any(String) },
      body: {
        code: "dependency_unavailable",
        detail: "The database is unavailable; try again in 5 s.",
      },
    });
    body.end();
    await proxy.pass();
    await waitFor(async () => (await tenant.countTransactions()) === 0);
    const again = await waitFor(async () => {
      const answer = await tenant.push([line("A")]);
      return answer.status === 200 && answer;
    });
    expect(again.body).toMatchObject({ inserted: 1 });
  });
});

describe("an ingest whose API process is killed", () => {
  const env = (): Record<string, string> => ({
    DATABASE_URL: elsewhere.appUrl,
    QUEUE_URL: elsewhere.ownerUrl,
    JWT_SECRET: SECRET,
    PORT: "0",
  });

  it.each([
    ["while rows arrive", "COPY ingest_rows%", undefined],
    // The test holds the lock that the ingest takes before it writes.
    ["before it writes", "SELECT pg_advisory_xact_lock%", "held"],
  ])("%s writes nothing, and its database session ends", async (_, query, held) => {
    const started = start(env());
    const holder = new pg.Client({ connectionString: elsewhere.superuserUrl });
    await holder.connect();
    try {
      const port = await portOf(started);
      const path = `/v1/contexts/${tenant.contextId}/records/transactions`;
      const token = validToken({ tenant_id: tenant.tenantId });
      const ids = [tenant.tenantId, tenant.contextId];
      if (held !== undefined)
        await holder.query(
          "SELECT pg_advisory_lock(hashtextextended('records ' || $1 || $2, 0))",
          ids,
        );
      const body = openBody(line("A"));
      if (held !== undefined) body.end();
      const pushed = send(port, path, body.chunks, { token }).catch((error: unknown) => error);
      const running = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '${query}' AND pid <> pg_backend_pid()`;
      await waitFor(async () => (await ask(running)).length === 1);
      started.process.kill("SIGKILL");
      await started.exited;
      body.end();
      expect(await pushed).toMatchObject({ code: "ECONNRESET" });
      await waitFor(async () => (await ask(running)).length === 0);
      await holder.query("SELECT pg_advisory_unlock_all()");
      expect(await tenant.countTransactions()).toBe(0);
      expect(await tenant.push([line("A")])).toMatchObject({ body: { inserted: 1 } });
    } finally {
      started.process.kill("SIGKILL");
      await holder.end();
    }
  });
});
