import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import { createTestDatabase, waitFor, type TestDatabase } from "@docket/platform/testing";
import { createApi } from "../support/api.ts";
import { createTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

const WANTED = { reportType: "MATCHED", format: "CSV" };

let elsewhere: TestDatabase;
let proxy: TcpProxy;

beforeEach(async () => {
  elsewhere = await createTestDatabase();
  proxy = await createTcpProxy(elsewhere.appUrl);
});

afterEach(async () => {
  await proxy.close();
  await elsewhere.drop();
});

describe("a database that is away", () => {
  it("makes 503s that leak nothing, and works again when it is back", async () => {
    const api = await createApi({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    await caller.aContext("before");

    proxy.stop();
    for (const answer of [
      await caller.get("/v1/contexts"),
      await caller.post("/v1/contexts", { name: "during" }),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
      expect(answer.headers["retry-after"]).toBeDefined();
      expect(answer.body.code).toBe("dependency_unavailable");
      expect(answer.text).not.toMatch(/127\.0\.0\.1|prisma|ECONN|SELECT|stack|at .*\.ts/i);
    }
    const unready = await caller.get("/readyz").expect(503);
    expect(unready.body.checks).toEqual({ database: "down", queue: "up", storage: "down" });
    await caller.get("/healthz").expect(200);

    proxy.resume();
    await waitFor(async () => (await caller.get("/v1/contexts")).status === 200);
    await caller.aContext("after");
    await api.close();
  });

  it("does not keep the API from coming up, and nobody's rows are read before the login was checked", async () => {
    proxy.stop();
    const api = await createApi({ databaseUrl: proxy.through(elsewhere.appUrl) });
    const caller = api.caller();
    await caller.get("/v1/contexts").expect(503);
    await caller.get("/readyz").expect(503);
    proxy.resume();
    await waitFor(async () => (await caller.get("/v1/contexts")).status === 200);
    await api.context.role.known;
    await api.close();
  });

  it("is told of in time by /readyz, also when it hangs", async () => {
    const api = await createApi({ databaseUrl: proxy.through(elsewhere.appUrl) });
    proxy.stop("hang");
    const startedAt = performance.now();
    const { body } = await api.caller().get("/readyz").expect(503);
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(body).toMatchObject({ code: "dependency_unavailable", checks: { database: "down" } });
    proxy.stop();
    await api.close();
  });
});

describe("a queue that is away", () => {
  it.each(["refuse", "hang"] as const)(
    "delays no answer (%s), and the job waits in its row",
    async (how) => {
      proxy.stop(how);
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
