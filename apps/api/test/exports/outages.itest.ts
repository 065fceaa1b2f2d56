import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import {
  createFaultProxy,
  createTestDatabase,
  queueTargets,
  untilBlocked,
  waitFor,
  type FaultProxy,
  type TestDatabase,
} from "@docket/testing";
import pg from "pg";
import type request from "supertest";
import type { Caller } from "../support/caller.ts";
import { createStage } from "../support/stage.ts";

const WANTED = { reportType: "MATCHED", format: "CSV" };

/** docs/operations.md: 2 s. The rest is for the machine. */
const READYZ_LIMIT_MS = 2_500;

// It is given up after 35 s, so it stops responding before the first test and is checked in the last one.
let silent: Awaited<ReturnType<typeof silenceDatabase>>;
beforeAll(async () => {
  silent = await silenceDatabase();
});
afterAll(() => silent.close());

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

/** Sends requests to an API whose database has stopped responding without closing its connections. */
async function silenceDatabase() {
  const database = await createTestDatabase();
  const databaseProxy = await createFaultProxy(database.appUrl);
  const api = await createStage({ databaseUrl: databaseProxy.through(database.appUrl) });
  const caller = api.caller();
  const path = `/v1/contexts/${await caller.aContext()}/export-jobs`;
  const { body } = await caller.post(path, WANTED).expect(202);
  databaseProxy.hang();
  const pending = [
    caller.get("/v1/contexts"),
    caller.post("/v1/contexts", { name: "during" }),
    // The second one waits for the statement of the first one.
    caller.get(body.statusUrl),
    caller.get(body.statusUrl),
  ];
  return {
    caller,
    answers: Promise.all(pending),
    pass: databaseProxy.pass,
    close: async (): Promise<void> => {
      await api.close();
      await databaseProxy.close();
      await database.drop();
    },
  };
}

/** Checks for the 503 of an unavailable dependency, without internals. */
const expectOutage = (answer: request.Response): void => {
  expect(answer.status).toBe(503);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  expect(answer.body.code).toBe("dependency_unavailable");
  expect(answer.text).not.toMatch(/127\.0\.0\.1|prisma|ECONN|SELECT|stack|at .*\.ts/i);
};

/** The first response of /readyz that reports the outage: callers of the same second share an answer. */
const unreadiness = ({ get }: Caller): Promise<request.Response> =>
  waitFor(async () => {
    const response = await get("/readyz");
    return response.status === 503 && response;
  });

describe("an unavailable database", () => {
  it("causes 503 responses without internals, until it is back", async () => {
    const api = await createStage({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    const contextId = await caller.aContext("before");
    const { body } = await caller.post(`/v1/contexts/${contextId}/export-jobs`, WANTED).expect(202);
    const polls = () => Promise.all([1, 2, 3].map(() => caller.get(body.statusUrl)));

    await proxy.refuse();
    expectOutage(await caller.get("/v1/contexts"));
    for (const answer of await polls()) expectOutage(answer);
    expectOutage(await caller.post("/v1/contexts", { name: "during" }));
    const unready = await unreadiness(caller);
    expect(unready.body.checks).toEqual({ database: "down", queue: "up", storage: "up" });
    await caller.get("/healthz").expect(200);

    await proxy.pass();
    await waitFor(async () => (await caller.get("/v1/contexts")).status === 200);
    await caller.aContext("after");
    for (const answer of await polls()) expect(answer.status).toBe(200);
    await api.close();
  });

  it("does not keep the API from starting, and no rows are read before the login was checked", async () => {
    await proxy.refuse();
    const api = await createStage({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    await caller.get("/v1/contexts").expect(503);
    await unreadiness(caller);
    await proxy.pass();
    await waitFor(async () => (await caller.get("/v1/contexts")).status === 200);
    await api.context.role.known;
    await api.close();
  });

  it("is reported by /readyz in time, also when it hangs", async () => {
    const api = await createStage({ databaseUrl: proxy.through(elsewhere.appUrl) });
    proxy.hang();
    const startedAt = performance.now();
    const { body } = await api.caller().get("/readyz").expect(503);
    expect(performance.now() - startedAt).toBeLessThan(READYZ_LIMIT_MS);
    expect(body).toMatchObject({ code: "dependency_unavailable", checks: { database: "down" } });
    await proxy.refuse();
    await api.close();
  });
});

describe("a database that fails during a request", () => {
  it("causes a 503 and no job; the same key then creates one", async () => {
    const api = await createStage({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    const path = `/v1/contexts/${await caller.aContext()}/export-jobs`;
    const create = (): request.Test => caller.post(path, WANTED).set("Idempotency-Key", "one");
    const owner = new pg.Client({ connectionString: elsewhere.ownerUrl });
    await owner.connect();
    await owner.query("BEGIN; LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE");
    const pending = create().then((answer) => answer);
    await untilBlocked(owner);
    await proxy.refuse();
    expectOutage(await pending);
    await owner.query("ROLLBACK");
    await proxy.pass();
    // If the key could not be released, its lease lasts a minute: expire it.
    await owner.query("UPDATE idempotency_keys SET locked_until = now() - interval '1 s'");
    await create().expect(202);
    const { body } = await caller.get(path).expect(200);
    expect(body.items).toHaveLength(1);
    await owner.end();
    await api.close();
  });
});

describe.each(queueTargets(12))("an outage of the queue on $name", (target) => {
  it.each(["refuse", "hang"] as const)("(%s) ends, and the queue is used again", async (how) => {
    const queue = await target.open();
    const before = await createFaultProxy(queue.url);
    const api = await createStage({ queueUrl: before.through(queue.url) });
    const caller = api.caller();
    const path = `/v1/contexts/${await caller.aContext()}/export-jobs`;
    await waitFor(async () => (await caller.get("/readyz")).body.checks.queue === "up");
    await before[how]();
    await caller.post(path, WANTED).expect(202);
    const { body } = await unreadiness(caller);
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

describe("an unavailable queue", () => {
  it.each(["refuse", "hang"] as const)(
    "(%s) fails no request; the job stays QUEUED",
    async (how) => {
      await proxy[how]();
      const api = await createStage({ queueUrl: proxy.through(elsewhere.ownerUrl) });
      const caller = api.caller();
      const id = await caller.aContext();
      const { body } = await caller.post(`/v1/contexts/${id}/export-jobs`, WANTED).expect(202);
      const row = await withTenant(caller.tenantId, () =>
        api.context.database.prisma.exportJob.findFirst({ where: { id: body.jobId } }),
      );
      expect(row).toMatchObject({ status: "QUEUED", claim: 0 });
      const { body: readiness } = await unreadiness(caller);
      expect(readiness.checks).toMatchObject({ database: "up", queue: "down" });
      await api.close();
    },
  );
});

describe("a queue that never answers", () => {
  it("delays no response", async () => {
    const api = await createStage();
    const caller = api.caller();
    const path = `/v1/contexts/${await caller.aContext()}/export-jobs`;
    const add = jest
      .spyOn(api.context.queue, "add")
      .mockReturnValue(new Promise<void>(() => undefined));
    await caller.post(path, WANTED).expect(202);
    expect(add).toHaveBeenCalledTimes(1);
    await api.close();
  });
});

describe("a login that is not subject to row-level security", () => {
  it("is refused", async () => {
    await expect(createStage({ databaseUrl: elsewhere.ownerUrl })).rejects.toThrow(
      /DATABASE_URL must be a login/,
    );
  });
});

describe("without object storage", () => {
  it("a create returns 503 and writes no row; everything else works", async () => {
    const bare = await createStage({ storage: undefined });
    const someone = bare.caller();
    const id = await someone.aContext();
    const answer = await someone.post(`/v1/contexts/${id}/export-jobs`, WANTED).expect(503);
    expect(answer.body.code).toBe("storage_not_configured");
    await someone.post(`/v1/contexts/${randomUUID()}/export-jobs`, WANTED).expect(404);
    const { prisma } = bare.context.database;
    await withTenant(someone.tenantId, async () => {
      expect(await prisma.exportJob.count()).toBe(0);
      expect(
        await prisma.auditEvent.count({ where: { subject: { startsWith: "/v1/export-jobs" } } }),
      ).toBe(0);
    });
    const { body } = await someone.get("/readyz").expect(200);
    expect(body).toEqual({
      status: "ready",
      checks: { database: "up", queue: "up", storage: "not_configured" },
    });
    await bare.close();
  });
});

describe("a database that does not respond", () => {
  it("causes a 503 after a time-out", async () => {
    const { caller, answers, pass } = silent;
    for (const answer of await answers) expectOutage(answer);
    await pass();
    await waitFor(async () => (await caller.get("/v1/contexts")).status === 200);
    expect((await caller.get("/v1/contexts")).body.items).toHaveLength(1);
  });
});
