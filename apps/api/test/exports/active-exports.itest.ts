import { randomUUID } from "node:crypto";
import { createApi, type Caller, type TestApi } from "../support/api.ts";
import { setJob, succeeded } from "../support/export-rows.ts";

const MOST = 3;
let api: TestApi;
let caller: Caller;
let contextId: string;

beforeAll(async () => {
  api = await createApi({ exportMaxActivePerTenant: MOST, poolSize: 12 });
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
  it("are at most as many as the limit says, and the refusal says when to come back", async () => {
    for (let n = 0; n < MOST; n++) await aJob();
    const { body, headers } = await create().expect(429);
    expect(body).toMatchObject({ code: "too_many_active_exports", status: 429 });
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect((await caller.get("/v1/export-jobs").expect(200)).body.items).toHaveLength(MOST);
  });

  it("make room by being canceled or by coming to an end", async () => {
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

  it("are counted over all its contexts, and without other tenants'", async () => {
    for (let n = 0; n < MOST; n++) await aJob();
    await create(caller, await caller.aContext()).expect(429);
    const other = api.caller();
    await create(other, await other.aContext()).expect(202);
  });

  it("ordered at the same moment are not more than the limit", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create()));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array(MOST).fill(202), ...Array(10 - MOST).fill(429)]);
  });

  it("are not counted again when an answer is given again", async () => {
    const key = randomUUID();
    const first = await create().set("Idempotency-Key", key).expect(202);
    for (let n = 1; n < MOST; n++) await aJob();
    const again = await create().set("Idempotency-Key", key).expect(202);
    expect(again.body).toEqual(first.body);
    await create().set("Idempotency-Key", "other").expect(429);
    await caller.post(`/v1/export-jobs/${first.body.jobId}/cancel`).expect(200);
    await create().set("Idempotency-Key", "other").expect(202);
  });
});

describe("a limit of 0", () => {
  it("is none", async () => {
    const free = await createApi({ exportMaxActivePerTenant: 0 });
    try {
      const someone = free.caller();
      const context = await someone.aContext();
      for (let n = 0; n < 5; n++) await create(someone, context).expect(202);
    } finally {
      await free.close();
    }
  });
});
