import { randomUUID } from "node:crypto";
import { openRedisCommands } from "@docket/platform/redis";
import { createFaultProxy, waitFor, type FaultProxy } from "@docket/testing";
import { createApi, type Caller, type TestApi } from "../support/api.ts";

const open: TestApi[] = [];

async function anApi(...[changes]: Parameters<typeof createApi>): Promise<TestApi> {
  const api = await createApi(changes);
  open.push(api);
  return api;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

/** A request that every principal may make. */
const look = (caller: Caller) => caller.get("/v1/contexts");

const order = (caller: Caller, contextId: string) =>
  caller.post(`/v1/contexts/${contextId}/export-jobs`, { reportType: "MATCHED", format: "CSV" });

describe("the rate limit of a principal", () => {
  it("tells what is left, then refuses, and says when to come back", async () => {
    const caller = (await anApi({ perMinute: { all: 2, exports: 0 } })).caller();
    const first = await look(caller).expect(200);
    expect(first.headers["ratelimit-policy"]).toMatch(/^"all"; q=2; w=60/);
    expect(first.headers["ratelimit"]).toMatch(/^"all"; r=1; t=\d+/);
    expect((await look(caller).expect(200)).headers["ratelimit"]).toMatch(/r=0/);
    const refused = await look(caller).expect(429);
    expect(refused.headers["content-type"]).toMatch("application/problem+json");
    expect(refused.body).toMatchObject({
      status: 429,
      code: "rate_limited",
      detail: expect.stringMatching(
        /^At most 2 requests a minute are taken; try again in \d+ s\.$/,
      ),
    });
    const seconds = Number(refused.headers["retry-after"]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it("is theirs alone: another principal, and the same name in another tenant, have their own", async () => {
    const api = await anApi({ perMinute: { all: 1, exports: 0 } });
    const tenant = { tenant_id: randomUUID() };
    const caller = api.caller({ ...tenant, sub: "alice" });
    await look(caller).expect(200);
    await look(caller).expect(429);
    await look(api.caller({ ...tenant, sub: "bob" })).expect(200);
    await look(api.caller({ sub: "alice" })).expect(200);
  });

  it("counts orders of exports for themselves as well, refused ones and replays too", async () => {
    const api = await anApi({ perMinute: { all: 100, exports: 3 } });
    const caller = api.caller();
    const contextId = await caller.aContext();
    const keyed = () => order(caller, contextId).set("Idempotency-Key", "k1");
    const { headers } = await keyed().expect(202);
    expect(headers["ratelimit"]).toMatch(/"all"; r=98.*"exports"; r=2/);
    await keyed().expect(202);
    await order(caller, randomUUID()).expect(404);
    await order(caller, contextId).expect(429);
    await look(caller).expect(200);
  });

  it("counts nothing without a valid token, and nothing that is public", async () => {
    const api = await anApi({ perMinute: { all: 1, exports: 0 } });
    const caller = api.caller();
    for (let turn = 0; turn < 3; turn += 1) {
      await caller.get("/healthz").expect(200);
      await caller.get("/v1/contexts").set("Authorization", "Bearer x").expect(401);
    }
    await look(caller).expect(200);
  });

  it("is off at 0", async () => {
    const caller = (await anApi()).caller();
    const { headers } = await look(caller).expect(200);
    expect(headers["ratelimit"]).toBeUndefined();
  });
});

/** What the API's log says of rate limits from here on, with the causes. */
function watchLog({ context }: TestApi) {
  const calls = [jest.spyOn(context.logger, "warn"), jest.spyOn(context.logger, "info")];
  return (): readonly unknown[][] =>
    calls
      .flatMap(({ mock }) => mock.calls as unknown[][])
      .filter((call) => String(call.at(-1)).includes("rate"));
}

const LOST = [{ err: expect.any(Error) }, "Redis does not count: nobody is rate-limited"];
const BACK = ["Redis counts again: rate limits hold"];

describe("the rate limit without the Redis that it counts in", () => {
  it("lets everybody through, and says so once, with the cause", async () => {
    const queueUrl = "redis://127.0.0.1:9";
    const api = await anApi({ perMinute: { all: 1, exports: 1 }, queueUrl });
    const logged = watchLog(api);
    const caller = api.caller();
    const contextId = await caller.aContext();
    for (let turn = 0; turn < 3; turn += 1) await order(caller, contextId).expect(202);
    expect(logged()).toEqual([LOST]);
  });
});

const redisUrl = process.env["TEST_REDIS_URL"];

// Redis is given by whoever runs the tests; CI does.
(redisUrl === undefined ? describe.skip : describe)("the rate limit on Redis", () => {
  let proxy: FaultProxy;

  beforeAll(async () => {
    proxy = await createFaultProxy(redisUrl!);
  });
  afterEach(() => proxy.pass());
  afterAll(() => proxy.close());

  it("is one for all processes", async () => {
    const perMinute = { all: 2, exports: 0 };
    const [one, other] = await Promise.all([
      anApi({ perMinute, queueUrl: redisUrl! }),
      anApi({ perMinute, queueUrl: redisUrl! }),
    ]);
    const who = { tenant_id: randomUUID() };
    await look(one.caller(who)).expect(200);
    await look(other.caller(who)).expect(200);
    await look(one.caller(who)).expect(429);
    await look(other.caller(who)).expect(429);
  });

  it("still counts after Redis has lost its scripts", async () => {
    const api = await anApi({ perMinute: { all: 2, exports: 0 }, queueUrl: redisUrl! });
    const caller = api.caller();
    await look(caller).expect(200);
    const redis = openRedisCommands(redisUrl!, () => undefined)!;
    await redis.send("SCRIPT", "FLUSH");
    redis.close();
    await look(caller).expect(200);
    await look(caller).expect(429);
  });

  it.each(["refuse", "hang"] as const)(
    "lets everybody through while Redis is away (%s), and holds again when it is back",
    async (how) => {
      await proxy[how]();
      const perMinute = { all: 1, exports: 0 };
      const api = await anApi({ perMinute, queueUrl: proxy.through(redisUrl!) });
      const logged = watchLog(api);
      const caller = api.caller();
      for (let turn = 0; turn < 5; turn += 1) await look(caller).expect(200);
      await proxy.pass();
      await waitFor(async () => (await look(caller)).status === 429);
      expect(logged()).toEqual([LOST, BACK]);
    },
  );

  it.each(["refuse", "hang"] as const)(
    "is forgotten while Redis goes away in the middle (%s), at no more than one short wait",
    async (how) => {
      const perMinute = { all: 3, exports: 0 };
      const api = await anApi({ perMinute, queueUrl: proxy.through(redisUrl!) });
      const counted = async (caller: Caller): Promise<boolean> =>
        (await look(caller)).headers["ratelimit"] !== undefined;
      await waitFor(() => counted(api.caller()));
      const caller = api.caller();
      expect(await counted(caller)).toBe(true);
      await proxy[how]();
      const startedAt = performance.now();
      for (let turn = 0; turn < 20; turn += 1) await look(caller).expect(200);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      await proxy.pass();
      await waitFor(() => counted(api.caller()));
      // Neither lost what was counted before, nor counted what passed meanwhile.
      for (let turn = 0; turn < 2; turn += 1) await look(caller).expect(200);
      await look(caller).expect(429);
    },
  );
});
