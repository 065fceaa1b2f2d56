import { waitFor } from "@docket/testing";
import pg from "pg";
import { aFile, upload } from "../support/evidence.ts";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage({ poolSize: 6 });

let locker: pg.Client;

beforeEach(async () => {
  locker = new pg.Client({ connectionString: suite.stage.testDatabase.superuserUrl });
  await locker.connect();
});

afterEach(() => locker.end());

const BLOCKED = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'`;

/** The number of statements that wait for a lock. Not asked through `locker`, whose transaction would see one state only. */
const countBlocked = async (): Promise<number> =>
  (await suite.stage.context.database.pool.query(BLOCKED)).rowCount ?? 0;

/** Makes reads of a table wait until the test ends its transaction. */
const lockTable = (table: string): Promise<unknown> =>
  locker.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);

describe("a tenant with 60 slow requests at once", () => {
  it.each([
    ["counts of a context", "counters", 3, (id: string) => `/v1/contexts/${id}`],
    ["lists", "sources", 3, (id: string) => `/v1/contexts/${id}/sources`],
  ])("leaves connections to other tenants (%s)", async (_, table, connections, path) => {
    const other = await createTenant(suite.stage);
    const jobId = await other.anExport();
    const disputeId = await other.aDispute();
    await lockTable(table);
    const slow = Array.from({ length: 60 }, () =>
      suite.tenant.send("get", path(suite.tenant.contextId)).then(({ status }) => status),
    );
    await waitFor(async () => (await countBlocked()) === connections);
    for (let poll = 0; poll < 20; poll += 1)
      await other.send("get", `/v1/export-jobs/${jobId}`).expect(200);
    await upload(other, disputeId, aFile("text/csv", 2_000)).expect(201);
    expect(await countBlocked()).toBe(connections);
    await locker.query("ROLLBACK");
    const statuses = await Promise.all(slow);
    expect(new Set([200, 503, ...statuses]).size).toBe(2);
    await suite.tenant.send("get", path(suite.tenant.contextId)).expect(200);
  });

  it.each([
    ["counts", "counters", (id: string) => `/v1/contexts/${id}`],
    ["lists", "sources", (id: string) => `/v1/contexts/${id}/sources`],
  ])("gets 503 with Retry-After for those that wait too long (%s)", async (_, table, path) => {
    await lockTable(table);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => suite.tenant.send("get", path(suite.tenant.contextId))),
    );
    await locker.query("ROLLBACK");
    for (const { status, headers, body } of answers) {
      expect([status, body.code]).toEqual([503, "dependency_unavailable"]);
      expect(headers["retry-after"]).toBe("5");
    }
    const details = answers.map(({ body }) => String(body.detail));
    expect(details.filter((detail) => detail.startsWith("Too many requests"))).not.toEqual([]);
  });
});
