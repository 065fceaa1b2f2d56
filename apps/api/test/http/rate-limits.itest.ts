import { randomUUID } from "node:crypto";
import { openRedisCommands } from "@docket/platform/redis";
import { createFaultProxy, waitFor, type FaultProxy } from "@docket/testing";
import { createStage, type Stage } from "../support/stage.ts";
import type { Caller } from "../support/caller.ts";

const open: Stage[] = [];

async function openApi(...[changes]: Parameters<typeof createStage>): Promise<Stage> {
  const api = await createStage(changes);
  open.push(api);
  return api;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

/** A request that every principal may send. */
const list = (caller: Caller) => caller.get("/v1/contexts");

const createExport = (caller: Caller, contextId: string) =>
  caller.post(`/v1/contexts/${contextId}/export-jobs`, { reportType: "MATCHED", format: "CSV" });

describe("the rate limit of a principal", () => {
  it("reports the remaining requests, then refuses with Retry-After", async () => {
    const caller = (await openApi({ perMinute: { all: 2, exports: 0 } })).caller();
    const first = await list(caller).expect(200);
    expect(first.headers["ratelimit-policy"]).toMatch(/^"all"; q=2; w=60/);
    expect(first.headers["ratelimit"]).toMatch(/^"all"; r=1; t=\d+/);
    expect((await list(caller).expect(200)).headers["ratelimit"]).toMatch(/r=0/);
    const refused = await list(caller).expect(429);
    expect(refused.headers["content-type"]).toMatch("application/problem+json");
    expect(refused.body).toMatchObject({
      status: 429,
      code: "rate_limited",
      detail: expect.stringMatching(/^The limit is 2 requests per minute; try again in \d+ s\.$/),
    });
    const seconds = Number(refused.headers["retry-after"]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it("is separate for each principal and each tenant", async () => {
    const api = await openApi({ perMinute: { all: 1, exports: 0 } });
    const tenant = { tenant_id: randomUUID() };
    const caller = api.caller({ ...tenant, sub: "alice" });
    await list(caller).expect(200);
    await list(caller).expect(429);
    await list(api.caller({ ...tenant, sub: "bob" })).expect(200);
    await list(api.caller({ sub: "alice" })).expect(200);
  });

  it("counts creates of exports separately too, with refused ones and replays", async () => {
    const api = await openApi({ perMinute: { all: 100, exports: 3 } });
    const caller = api.caller();
    const contextId = await caller.aContext();
    const keyed = () => createExport(caller, contextId).set("Idempotency-Key", "k1");
    const { headers } = await keyed().expect(202);
    expect(headers["ratelimit"]).toMatch(/"all"; r=98.*"exports"; r=2/);
    await keyed().expect(202);
    await createExport(caller, randomUUID()).expect(404);
    await createExport(caller, contextId).expect(429);
    await list(caller).expect(200);
  });

  it("counts no requests without a valid token and none to public routes", async () => {
    const api = await openApi({ perMinute: { all: 1, exports: 0 } });
    const caller = api.caller();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await caller.get("/healthz").expect(200);
      await caller.get("/v1/contexts").set("Authorization", "Bearer x").expect(401);
    }
    await list(caller).expect(200);
  });

  it("is disabled by 0", async () => {
    const caller = (await openApi()).caller();
    const { headers } = await list(caller).expect(200);
    expect(headers["ratelimit"]).toBeUndefined();
  });
});

/** Records what the API logs about rate limits from here on. */
function watchLog({ context }: Stage) {
  const calls = [jest.spyOn(context.logger, "warn"), jest.spyOn(context.logger, "info")];
  return (): readonly unknown[][] =>
    calls
      .flatMap(({ mock }) => mock.calls as unknown[][])
      .filter((call) => String(call.at(-1)).includes("rate"));
}

const DISABLED = [{ err: expect.any(Error) }, "redis unavailable, rate limiting disabled"];
const ENABLED = ["redis available, rate limiting enabled"];

describe("the rate limit without its Redis", () => {
  it("allows every request and logs the cause once", async () => {
    const queueUrl = "redis://127.0.0.1:9";
    const api = await openApi({ perMinute: { all: 1, exports: 1 }, queueUrl });
    const logged = watchLog(api);
    const caller = api.caller();
    const contextId = await caller.aContext();
    for (let attempt = 0; attempt < 3; attempt += 1)
      await createExport(caller, contextId).expect(202);
    expect(logged()).toEqual([DISABLED]);
  });
});

const redisUrl = process.env["TEST_REDIS_URL"];

// CI starts a Redis; elsewhere it is optional.
(redisUrl === undefined ? describe.skip : describe)("the rate limit on Redis", () => {
  let proxy: FaultProxy;

  beforeAll(async () => {
    proxy = await createFaultProxy(redisUrl!);
  });
  afterEach(() => proxy.pass());
  afterAll(() => proxy.close());

  it("is shared by all processes", async () => {
    const perMinute = { all: 2, exports: 0 };
    const [one, other] = await Promise.all([
      openApi({ perMinute, queueUrl: redisUrl! }),
      openApi({ perMinute, queueUrl: redisUrl! }),
    ]);
    const who = { tenant_id: randomUUID() };
    await list(one.caller(who)).expect(200);
    await list(other.caller(who)).expect(200);
    await list(one.caller(who)).expect(429);
    await list(other.caller(who)).expect(429);
  });

  it("still counts after Redis has lost its scripts", async () => {
    const api = await openApi({ perMinute: { all: 2, exports: 0 }, queueUrl: redisUrl! });
    const caller = api.caller();
    await list(caller).expect(200);
    const redis = openRedisCommands(redisUrl!, () => undefined)!;
    await redis.send("SCRIPT", "FLUSH");
    redis.close();
    await list(caller).expect(200);
    await list(caller).expect(429);
  });

  it.each(["refuse", "hang"] as const)(
    "allows every request while Redis is unavailable (%s), and limits again afterwards",
    async (how) => {
      await proxy[how]();
      const perMinute = { all: 1, exports: 0 };
      const api = await openApi({ perMinute, queueUrl: proxy.through(redisUrl!) });
      const logged = watchLog(api);
      const caller = api.caller();
      for (let attempt = 0; attempt < 5; attempt += 1) await list(caller).expect(200);
      await proxy.pass();
      await waitFor(async () => (await list(caller)).status === 429);
      expect(logged()).toEqual([DISABLED, ENABLED]);
    },
  );

  it.each(["refuse", "hang"] as const)(
    "delays no more than one request when Redis becomes unavailable (%s)",
    async (how) => {
      const perMinute = { all: 3, exports: 0 };
      const api = await openApi({ perMinute, queueUrl: proxy.through(redisUrl!) });
      const counted = async (caller: Caller): Promise<boolean> =>
        (await list(caller)).headers["ratelimit"] !== undefined;
      await waitFor(() => counted(api.caller()));
      const caller = api.caller();
      expect(await counted(caller)).toBe(true);
      await proxy[how]();
      const startedAt = performance.now();
      for (let attempt = 0; attempt < 20; attempt += 1) await list(caller).expect(200);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      await proxy.pass();
      await waitFor(() => counted(api.caller()));
      // The counts from before the outage are kept; requests during the outage are not counted.
      for (let attempt = 0; attempt < 2; attempt += 1) await list(caller).expect(200);
      await list(caller).expect(429);
    },
  );
});
