import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import {
  createFaultProxy,
  createTestDatabase,
  queueTargets,
  waitFor,
  type FaultProxy,
  type TestDatabase,
} from "@docket/testing";
import pg from "pg";
import type request from "supertest";
import { createApi } from "../support/api.ts";

// A database that falls silent is given up after 35 s.
jest.setTimeout(120_000);

const WANTED = { reportType: "MATCHED", format: "CSV" };

let elsewhere: TestDatabase;
let proxy: FaultProxy;

beforeEach(async () => {
  elsewhere = await createTestDatabase();
  proxy = await createFaultProxy(elsewhere.appUrl);
});

afterEach(async () => {
  await proxy.close();
  await elsewhere.drop();
});

/** The contract's answer to a dependency that is away, and nothing of what is behind it. */
const isOutage = (answer: request.Response): void => {
  expect(answer.status).toBe(503);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  expect(answer.body.code).toBe("dependency_unavailable");
  expect(answer.text).not.toMatch(/127\.0\.0\.1|prisma|ECONN|SELECT|stack|at .*\.ts/i);
};

describe("a database that is away", () => {
  it("makes 503s that leak nothing, and works again when it is back", async () => {
    const api = await createApi({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    await caller.aContext("before");

    await proxy.refuse();
    isOutage(await caller.get("/v1/contexts"));
    isOutage(await caller.post("/v1/contexts", { name: "during" }));
    const unready = await caller.get("/readyz").expect(503);
    expect(unready.body.checks).toEqual({ database: "down", queue: "up", storage: "down" });
    await caller.get("/healthz").expect(200);

    await proxy.pass();
    await waitFor(async () => (await caller.get("/v1/contexts")).status === 200);
    await caller.aContext("after");
    await api.close();
  });

  it("does not keep the API from coming up, and nobody's rows are read before the login was checked", async () => {
    await proxy.refuse();
    const api = await createApi({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    await caller.get("/v1/contexts").expect(503);
    await caller.get("/readyz").expect(503);
    await proxy.pass();
    await waitFor(async () => (await caller.get("/v1/contexts")).status === 200);
    await api.context.role.known;
    await api.close();
  });

  it("is told of in time by /readyz, also when it hangs", async () => {
    const api = await createApi({ databaseUrl: proxy.through(elsewhere.appUrl) });
    proxy.hang();
    const startedAt = performance.now();
    const { body } = await api.caller().get("/readyz").expect(503);
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(body).toMatchObject({ code: "dependency_unavailable", checks: { database: "down" } });
    await proxy.refuse();
    await api.close();
  });
});

describe("a database that goes away in the middle of a request", () => {
  it("makes a 503 and no job; the same key then orders one", async () => {
    const api = await createApi({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    const path = `/v1/contexts/${await caller.aContext()}/export-jobs`;
    const order = (): request.Test => caller.post(path, WANTED).set("Idempotency-Key", "one");
    const owner = new pg.Client({ connectionString: elsewhere.ownerUrl });
    await owner.connect();
    await owner.query("BEGIN; LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE");
    const asked = order().then((answer) => answer);
    await waitFor(async () => {
      const { rowCount } = await owner.query(
        "SELECT FROM pg_locks WHERE NOT granted AND relation = 'audit_events'::regclass",
      );
      return rowCount === 1;
    });
    await proxy.refuse();
    isOutage(await asked);
    await owner.query("ROLLBACK");
    await proxy.pass();
    // The first one's key is a lease of a minute when it could not be freed either: as if that were over.
    await owner.query("UPDATE idempotency_keys SET locked_until = now() - interval '1 s'");
    await order().expect(202);
    const { body } = await caller.get(path).expect(200);
    expect(body.items).toHaveLength(1);
    await owner.end();
    await api.close();
  });

  it("and says nothing makes a 503 in the end, and works again when it is back", async () => {
    const api = await createApi({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    await caller.aContext();
    proxy.hang();
    const asked = [caller.get("/v1/contexts"), caller.post("/v1/contexts", { name: "during" })];
    for (const answer of await Promise.all(asked)) isOutage(answer);
    await proxy.pass();
    await waitFor(async () => (await caller.get("/v1/contexts")).status === 200);
    expect((await caller.get("/v1/contexts")).body.items).toHaveLength(1);
    await api.close();
  });
});

describe.each(queueTargets(12))("a queue on $name that goes away", (target) => {
  it.each(["refuse", "hang"] as const)("and comes back (%s) is used again", async (how) => {
    const queue = await target.open();
    const before = await createFaultProxy(queue.url);
    const api = await createApi({ queueUrl: before.through(queue.url) });
    const caller = api.caller();
    const path = `/v1/contexts/${await caller.aContext()}/export-jobs`;
    await waitFor(async () => (await caller.get("/readyz")).body.checks.queue === "up");
    await before[how]();
    const startedAt = performance.now();
    await caller.post(path, WANTED).expect(202);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const { body } = await caller.get("/readyz").expect(503);
    expect(body.checks).toMatchObject({ database: "up", queue: "down" });
    expect(body.detail).toMatch(/queue/);
    await before.pass();
    await waitFor(async () => (await caller.get("/readyz")).body.checks.queue === "up");
    await caller.post(path, WANTED).expect(202);
    await before.close();
    await api.close();
    await queue.close();
  });
});

describe("a queue that is away", () => {
  it.each(["refuse", "hang"] as const)(
    "delays no answer (%s), and the job waits in its row",
    async (how) => {
      await proxy[how]();
      const api = await createApi({ queueUrl: proxy.through(elsewhere.ownerUrl) });
      const caller = api.caller();
      const id = await caller.aContext();
      const startedAt = performance.now();
      const { body } = await caller.post(`/v1/contexts/${id}/export-jobs`, WANTED).expect(202);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      const row = await withTenant(caller.tenantId, () =>
        api.context.database.prisma.exportJob.findFirst({ where: { id: body.jobId } }),
      );
      expect(row).toMatchObject({ status: "QUEUED", claim: 0 });
      const { body: readiness } = await caller.get("/readyz").expect(503);
      expect(readiness.checks).toMatchObject({ database: "up", queue: "down" });
      await api.close();
    },
  );
});

describe("a login that row-level security does not bind", () => {
  it("is refused", async () => {
    await expect(createApi({ databaseUrl: elsewhere.ownerUrl })).rejects.toThrow(
      /DATABASE_URL must be a login/,
    );
  });
});

describe("without an object storage", () => {
  it("refuses exports with 503 and writes no row; everything else works", async () => {
    const bare = await createApi({ storage: undefined });
    const someone = bare.caller();
    const id = await someone.aContext();
    const answer = await someone.post(`/v1/contexts/${id}/export-jobs`, WANTED).expect(503);
    expect(answer.body.code).toBe("storage_not_configured");
    await someone.post(`/v1/contexts/${randomUUID()}/export-jobs`, WANTED).expect(404);
    const { prisma } = bare.context.database;
    await withTenant(someone.tenantId, async () => {
      expect(await prisma.exportJob.count()).toBe(0);
      expect(await prisma.auditEvent.count()).toBe(0);
    });
    const { body } = await someone.get("/readyz").expect(200);
    expect(body).toEqual({
      status: "ready",
      checks: { database: "up", queue: "up", storage: "not_configured" },
    });
    await bare.close();
  });
});
