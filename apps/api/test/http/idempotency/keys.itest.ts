import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import pg from "pg";
import type request from "supertest";
import { createStage, type Stage } from "../../support/stage.ts";
import type { Caller } from "../../support/caller.ts";

let api: Stage;
let caller: Caller;
let contextId: string;
let key: string;

beforeAll(async () => {
  api = await createStage({ poolSize: 12 });
});

beforeEach(async () => {
  caller = api.caller();
  contextId = await caller.aContext("first");
  key = randomUUID();
});

afterAll(() => api.close());

const WANTED = { reportType: "MATCHED", format: "CSV" };

const prisma = () => api.context.database.prisma;
const inTenant = <T>(work: () => Promise<T>): Promise<T> => withTenant(caller.tenantId, work);

const exportsPath = (): string => `/v1/contexts/${contextId}/export-jobs`;
const create = (body: object = WANTED, header = "Idempotency-Key", value = key): request.Test =>
  caller.post(exportsPath(), body).set(header, value);
const addContext = (name: string, value = key): request.Test =>
  caller.post("/v1/contexts", { name }).set("Idempotency-Key", value);

const jobs = (): Promise<number> => inTenant(async () => prisma().exportJob.count());
const keys = () => inTenant(async () => prisma().idempotencyKey.findMany());

/** A key whose holder has crashed; its lease expires in `seconds`. */
const insertHeldKey = (seconds: number, path = exportsPath()): Promise<unknown> =>
  inTenant(
    async () => prisma().$executeRaw`
      INSERT INTO idempotency_keys (tenant_id, principal, method, path, key, holder, locked_until, expires_at)
      VALUES (${caller.tenantId}::uuid, 'alice', 'POST', ${path}, ${key}, gen_random_uuid(),
        now() + make_interval(secs => ${seconds}), now() + interval '1 day')`,
  );

/** Runs `act` before the next transaction that creates an export. */
function beforeCreate(act: () => Promise<unknown>): void {
  type Query = (this: pg.Client, ...args: unknown[]) => unknown;
  const query = pg.Client.prototype.query as unknown as Query;
  const spy = jest.spyOn(pg.Client.prototype, "query") as unknown as jest.SpyInstance;
  spy.mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    if (!String(args[0]).startsWith("BEGIN; SELECT pg_advisory_xact_lock")) {
      return query.apply(this, args);
    }
    spy.mockRestore();
    return act().then(() => query.apply(this, args));
  });
}

describe("a request with an idempotency key", () => {
  it.each(["Idempotency-Key", "X-Idempotency-Key"])(
    "in %s gets the first response again, byte for byte",
    async (header) => {
      const first = await create(WANTED, header).expect(202);
      expect(first.headers).not.toHaveProperty("idempotency-replayed");
      const again = await create(WANTED, header).expect(202);
      expect(again.text).toBe(first.text);
      expect(again.headers["idempotency-replayed"]).toBe("true");
      for (const name of ["location", "retry-after", "content-type", "content-length"])
        expect([name, again.headers[name]]).toEqual([name, first.headers[name]]);
      expect(again.headers["x-request-id"]).not.toBe(first.headers["x-request-id"]);
      expect(await jobs()).toBe(1);
    },
  );

  it("is the same for an ID in upper case or percent-encoded", async () => {
    const first = await create().expect(202);
    const [last] = contextId.slice(-1);
    const encoded = `${contextId.slice(0, -1)}%${last!.charCodeAt(0).toString(16)}`;
    for (const id of [contextId.toUpperCase(), encoded]) {
      const replayed = await caller
        .post(`/v1/contexts/${id}/export-jobs`, WANTED)
        .set("Idempotency-Key", key)
        .expect(202);
      expect(replayed.headers["idempotency-replayed"]).toBe("true");
      expect(replayed.body).toEqual(first.body);
    }
    expect(await jobs()).toBe(1);
  });

  it("may use either name of the header, or both with the same value", async () => {
    const first = await create().expect(202);
    const other = await create(WANTED, "X-Idempotency-Key").expect(202);
    const both = await create().set("X-Idempotency-Key", key).expect(202);
    expect([other.text, both.text]).toEqual([first.text, first.text]);
  });

  it("gets its first response again after the state has changed", async () => {
    const created = await create().expect(202);
    const path = `/v1/export-jobs/${created.body.jobId}/cancel`;
    const cancel = () => caller.post(path).set("Idempotency-Key", key);
    const first = await cancel().expect(200);
    const again = await cancel().expect(200);
    expect(again.text).toBe(first.text);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect((await create().expect(202)).body.status).toBe("QUEUED");
  });

  it("is refused when its body or content type differs", async () => {
    await create().expect(202);
    const other = await create({ ...WANTED, format: "XML" }).expect(422);
    expect(other.body).toMatchObject({ code: "idempotency_key_reused", status: 422 });
    // The same JSON, but other bytes.
    await create({ format: "CSV", reportType: "MATCHED" }).expect(422);
    await create().set("Content-Type", "application/json;charset=utf-8").expect(422);
    expect(await jobs()).toBe(1);
    await create().expect(202);
  });

  it("is separate for each tenant, principal and path", async () => {
    await create().expect(202);
    const colleague = api.caller({ tenant_id: caller.tenantId, sub: "bob" });
    const bobs = await colleague
      .post(exportsPath(), WANTED)
      .set("Idempotency-Key", key)
      .expect(202);
    expect(bobs.headers).not.toHaveProperty("idempotency-replayed");
    const elsewhere = `/v1/contexts/${await caller.aContext()}/export-jobs`;
    const other = await caller.post(elsewhere, WANTED).set("Idempotency-Key", key).expect(202);
    expect(other.headers).not.toHaveProperty("idempotency-replayed");
    const stranger = api.caller();
    const name = { name: "first" };
    await addContext("a").expect(201);
    await stranger.post("/v1/contexts", name).set("Idempotency-Key", key).expect(201);
    expect(await keys()).toHaveLength(4);
  });

  it("leaves the key free when it is refused", async () => {
    await create({ ...WANTED, format: "PDF" }).expect(400);
    await create({ ...WANTED, sourceId: randomUUID() }).expect(400);
    await addContext("first").expect(409);
    expect(await keys()).toEqual([]);
    await addContext("second").expect(201);
    await create().expect(202);
  });

  it("leaves the key free when the effect fails in the database", async () => {
    beforeCreate(() => Promise.reject(new Error("x")));
    await create().expect(500);
    expect(await keys()).toEqual([]);
    await create().expect(202);
    expect(await jobs()).toBe(1);
  });

  it("ignores the key of a GET", async () => {
    const get = caller.get("/v1/contexts").set("Idempotency-Key", key);
    await get.expect(200);
    await caller.get("/v1/contexts").set("Idempotency-Key", "not visible").expect(200);
    expect(await keys()).toEqual([]);
  });
});

describe("an idempotency key", () => {
  it.each(["", "a b", "clé", "a".repeat(256)])(
    "is refused with 422 when it is %j",
    async (value) => {
      const { body } = await create(WANTED, "Idempotency-Key", value).expect(422);
      expect(body).toMatchObject({ code: "invalid_field", errors: [{ field: "Idempotency-Key" }] });
      await create(WANTED, "X-Idempotency-Key", value).expect(422);
      expect(await jobs()).toBe(0);
    },
  );

  it.each(["!", "~", "a".repeat(255)])("is accepted when it is %j", async (value) => {
    await create(WANTED, "Idempotency-Key", value).expect(202);
  });

  it("is refused with 400 when the two headers differ", async () => {
    const { body } = await create().set("X-Idempotency-Key", "other").expect(400);
    expect(body.errors).toMatchObject([{ field: "X-Idempotency-Key" }]);
    expect(await jobs()).toBe(0);
  });

  it("is reported together with the faults of the body, as 400 if that has one", async () => {
    const { body } = await create({ format: "CSV" }, "Idempotency-Key", "a b").expect(400);
    expect(body.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual([
      "Idempotency-Key",
      "reportType",
    ]);
  });

  it("is checked after the token", async () => {
    const reader = api.caller({ tenant_id: caller.tenantId, permissions: ["export-job:read"] });
    await reader.post(exportsPath(), WANTED).set("Idempotency-Key", "a b").expect(403);
  });
});

describe("concurrent requests with one key", () => {
  it("have one effect, and get its response or 409", async () => {
    for (let round = 0; round < 5; round++) {
      const value = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => create(WANTED, "Idempotency-Key", value)),
      );
      const done = answers.filter(({ status }) => status === 202);
      const waiting = answers.filter(({ status }) => status !== 202);
      expect(done.length).toBeGreaterThan(0);
      expect(new Set(done.map(({ text }) => text)).size).toBe(1);
      expect(done.filter(({ headers }) => !("idempotency-replayed" in headers))).toHaveLength(1);
      for (const { body } of waiting)
        expect(body).toMatchObject({ code: "idempotency_key_in_use", status: 409 });
      expect(await jobs()).toBe(round + 1);
    }
  });

  it("have one effect when they differ", async () => {
    const answers = await Promise.all(["a", "b", "c", "d"].map((name) => addContext(name)));
    const created = answers.filter(({ status }) => status === 201);
    expect(created).toHaveLength(1);
    for (const { status } of answers) expect([201, 409, 422]).toContain(status);
    const { body } = await caller.get("/v1/contexts").expect(200);
    expect(body.items).toHaveLength(2);
  });
});

describe("a request that has crashed", () => {
  it("holds its key until its lease expires", async () => {
    await insertHeldKey(60);
    const { body, headers } = await create().expect(409);
    expect(body.code).toBe("idempotency_key_in_use");
    expect(headers["retry-after"]).toBeDefined();
    expect(await jobs()).toBe(0);
  });

  it("leaves its key to one of many requests after its lease", async () => {
    await insertHeldKey(-1);
    const answers = await Promise.all(Array.from({ length: 6 }, () => create()));
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThan(0);
    expect(await jobs()).toBe(1);
  });

  it("commits nothing when it resumes after another request has acquired the key", async () => {
    // Before the effect, the lease expires and another request acquires the key.
    beforeCreate(async () => {
      await inTenant(
        async () => prisma().$executeRaw`
        UPDATE idempotency_keys SET locked_until = now() - interval '1 s'`,
      );
      await create().expect(202);
    });
    const { body } = await create().expect(409);
    expect(body.code).toBe("idempotency_key_in_use");
    expect(await jobs()).toBe(1);
    expect((await create().expect(202)).headers["idempotency-replayed"]).toBe("true");
  });
});

describe("a key after 24 hours", () => {
  it("is free for another request", async () => {
    await create().expect(202);
    const [kept] = await keys();
    const hours = (kept!.expiresAt.getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
    await inTenant(
      async () => prisma().$executeRaw`
      UPDATE idempotency_keys SET expires_at = now() - interval '1 ms'`,
    );
    const answer = await create({ ...WANTED, format: "XML" }).expect(202);
    expect(answer.headers).not.toHaveProperty("idempotency-replayed");
    expect(await jobs()).toBe(2);
  });
});
