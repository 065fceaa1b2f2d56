import { randomUUID } from "node:crypto";
import { createStage, type Stage } from "../support/stage.ts";
import type { Caller } from "../support/caller.ts";
import { setJob, succeeded } from "../support/export-rows.ts";

const LIMIT = 3;
let api: Stage;
let caller: Caller;
let contextId: string;

beforeAll(async () => {
  api = await createStage({ exportMaxActivePerTenant: LIMIT, poolSize: 12 });
});

beforeEach(async () => {
  caller = api.caller();
  contextId = await caller.aContext();
});

afterAll(() => api.close());

const create = (as: Caller = caller, context = contextId) =>
  as.post(`/v1/contexts/${context}/export-jobs`, { reportType: "MATCHED", format: "CSV" });

const aJob = async (): Promise<string> => (await create().expect(202)).body.jobId as string;

describe("a tenant's unfinished exports", () => {
  it("may not exceed the limit: 429 with Retry-After", async () => {
    for (let n = 0; n < LIMIT; n++) await aJob();
    const { body, headers } = await create().expect(429);
    expect(body).toMatchObject({ code: "too_many_active_exports", status: 429 });
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect((await caller.get("/v1/export-jobs").expect(200)).body.items).toHaveLength(LIMIT);
  });

  it("stop counting when they finish or are canceled", async () => {
    const ids = [await aJob(), await aJob(), await aJob()];
    const leaseUntil = new Date(Date.now() + 20_000);
    await setJob(api, caller.tenantId, ids[0]!, { status: "RUNNING", leaseUntil });
    await create().expect(429);
    await setJob(api, caller.tenantId, ids[0]!, succeeded());
    await create().expect(202);
    await create().expect(429);
    await caller.post(`/v1/export-jobs/${ids[1]}/cancel`).expect(200);
    await create().expect(202);
  });

  it("are counted over all contexts of the tenant, and not over other tenants", async () => {
    for (let n = 0; n < LIMIT; n++) await aJob();
    await create(caller, await caller.aContext()).expect(429);
    const other = api.caller();
    await create(other, await other.aContext()).expect(202);
  });

  it("do not exceed the limit when created simultaneously", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create()));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array(LIMIT).fill(202), ...Array(10 - LIMIT).fill(429)]);
  });

  it("do not exceed the limit when some of the creates have idempotency keys", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0 ? create() : create().set("Idempotency-Key", randomUUID()),
      ),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array(LIMIT).fill(202), ...Array(10 - LIMIT).fill(429)]);
  });

  it("are not counted again when a response is replayed", async () => {
    const key = randomUUID();
    const first = await create().set("Idempotency-Key", key).expect(202);
    for (let n = 1; n < LIMIT; n++) await aJob();
    const again = await create().set("Idempotency-Key", key).expect(202);
    expect(again.body).toEqual(first.body);
    await create().set("Idempotency-Key", "other").expect(429);
    await caller.post(`/v1/export-jobs/${first.body.jobId}/cancel`).expect(200);
    await create().set("Idempotency-Key", "other").expect(202);
  });
});

describe("a limit of 0 on unfinished exports", () => {
  it("means no limit", async () => {
    const free = await createStage({ exportMaxActivePerTenant: 0 });
    try {
      const someone = free.caller();
      const context = await someone.aContext();
      for (let n = 0; n < 5; n++) await create(someone, context).expect(202);
    } finally {
      await free.close();
    }
  });
});
