import { randomUUID } from "node:crypto";
import { createApi, type TestApi } from "../support/api.ts";
import { createExceptionBench, type ExceptionBench } from "../support/exceptions.ts";

let api: TestApi;
let bench: ExceptionBench;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(async () => {
  bench = await createExceptionBench(api);
});

afterAll(() => api.close());

type Row = {
  id: string;
  severity: string;
  status: string;
  createdAt: string;
  updatedAt: string;
  dueAt?: string;
};

const SEVERITIES = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];
const STATUSES = ["OPEN", "ASSIGNED", "PENDING_RESOLUTION", "RESOLVED"];

const page = async (
  query: string,
): Promise<{ items: Row[]; nextCursor?: string; hasMore: boolean; limit: number }> =>
  (await bench.caller.get(`/v1/exceptions?${query}`).expect(200)).body;

const walk = async (query: string, between?: () => Promise<unknown>): Promise<Row[]> => {
  const rows: Row[] = [];
  let cursor = "";
  for (;;) {
    const { items, nextCursor, hasMore } = await page(`${query}${cursor}`);
    rows.push(...items);
    expect(hasMore).toBe(nextCursor !== undefined);
    if (nextCursor === undefined) return rows;
    cursor = `&cursor=${nextCursor}`;
    await between?.();
  }
};

/** Every status with every severity, created on three days; half of them are never due, others on the same day. */
const fill = (): Promise<string[]> =>
  bench.add(
    STATUSES.flatMap((status, n) =>
      SEVERITIES.map((severity, m) => {
        const createdAt = new Date(`2026-03-0${1 + ((n + m) % 3)}T12:00:00Z`);
        return {
          status,
          severity,
          createdAt,
          updatedAt: new Date(createdAt.getTime() + ((n * 7 + m * 3) % 5)),
          ...((n + m) % 2 === 0 && { dueAt: new Date(`2026-04-0${1 + (m % 3)}T00:00:00Z`) }),
        };
      }),
    ),
  );

describe("GET /v1/exceptions/{exceptionId}", () => {
  it("shows the exception, its transaction, and its disputes with their states", async () => {
    const dueAt = new Date("2026-04-01T00:00:00Z");
    const [id = ""] = await bench.add([{ reason: "no such order", dueAt }]);
    const { body } = await bench.caller.get(`/v1/exceptions/${id}`).expect(200);
    expect(body).toEqual({
      id,
      contextId: bench.contextId,
      transactionId: expect.any(String),
      severity: "HIGH",
      status: "OPEN",
      reason: "no such order",
      dueAt: "2026-04-01T00:00:00.000Z",
      createdAt: expect.stringMatching(/\.\d{3}Z$/),
      updatedAt: expect.stringMatching(/\.\d{3}Z$/),
      transaction: {
        id: body.transactionId,
        sourceId: bench.sourceId,
        sourceName: "Bank",
        externalId: expect.any(String),
        amount: "12.3",
        currency: "EUR",
        date: "2026-03-01T08:00:00.120Z",
        description: "a line",
        status: "UNMATCHED",
      },
      disputes: [],
    });

    const [first, second] = [await bench.dispute(id), await bench.dispute(id)];
    const resolution = { won: true, resolution: "paid back" };
    await bench.caller.post(`/v1/disputes/${first.id}/close`, resolution).expect(200);
    const later = await bench.caller.get(`/v1/exceptions/${id}`).expect(200);
    expect(later.body).toEqual({
      ...body,
      disputes: [
        { id: first.id, state: "WON" },
        { id: second.id, state: "OPEN" },
      ],
    });
    expect((await page("")).items).toEqual([later.body]);
  });

  it("shows instants of any year as they are", async () => {
    const createdAt = new Date("0001-01-01T00:00:00Z");
    const [id = ""] = await bench.add([{ createdAt, dueAt: new Date("9999-12-31T23:59:59.999Z") }]);
    const { body } = await bench.caller.get(`/v1/exceptions/${id}`).expect(200);
    expect(body).toMatchObject({
      createdAt: "0001-01-01T00:00:00.000Z",
      dueAt: "9999-12-31T23:59:59.999Z",
    });
  });

  it("answers 404 to another tenant's id exactly as to an unknown one, and 422 to what is no id", async () => {
    const [id = ""] = await bench.add([{}]);
    const other = api.caller();
    const [foreign, unknown] = [id, randomUUID()];
    const answers = await Promise.all(
      [foreign, unknown].map(async (each) => {
        const { text } = await other
          .get(`/v1/exceptions/${each}`)
          .set("X-Request-Id", "r")
          .expect(404);
        return text.replaceAll(each, "ID");
      }),
    );
    expect(answers[0]).toBe(answers[1]);
    await bench.caller.get("/v1/exceptions/x").expect(422);
  });

  it("needs exception:read", async () => {
    const [id = ""] = await bench.add([{}]);
    const permissions = ["dispute:read", "context:read", "record:write"];
    const without = api.caller({ tenant_id: bench.tenantId, permissions });
    await without.get(`/v1/exceptions/${id}`).expect(403);
    await without.get("/v1/exceptions").expect(403);
    const only = api.caller({ tenant_id: bench.tenantId, permissions: ["exception:read"] });
    await only.get(`/v1/exceptions/${id}`).expect(200);
  });
});

describe("GET /v1/exceptions", () => {
  it("shows no other tenant's, whatever the filter names", async () => {
    await fill();
    const other = await createExceptionBench(api);
    for (const query of ["", `contextId=${bench.contextId}`, "status=OPEN&sort=severity"]) {
      const { body } = await other.caller.get(`/v1/exceptions?${query}`).expect(200);
      expect(body).toEqual({ items: [], limit: 20, hasMore: false });
    }
  });

  it.each<[string, (row: Row) => string | number]>([
    ["createdAt", ({ createdAt }) => createdAt],
    ["updatedAt", ({ updatedAt }) => updatedAt],
    ["severity", ({ severity }) => SEVERITIES.indexOf(severity)],
    ["status", ({ status }) => STATUSES.indexOf(status)],
    ["dueAt", ({ dueAt }) => dueAt ?? "never: after all years"],
    ["id", ({ id }) => id],
  ])("sorts by %s in both directions, also page by page", async (sort, key) => {
    await fill();
    const all = await walk("limit=200");
    expect(all).toHaveLength(16);
    const compare = (a: string | number, b: string | number): number =>
      a < b ? -1 : a > b ? 1 : 0;
    const sorted = all.toSorted((a, b) => compare(key(a), key(b)) || compare(a.id, b.id));
    expect(await walk(`limit=3&sort=${sort}`)).toEqual(sorted);
    expect(await walk(`limit=1&sort=-${sort}`)).toEqual(sorted.toReversed());
  });

  it("is newest first unless told", async () => {
    await fill();
    expect(await walk("limit=200")).toEqual(await walk("limit=200&sort=-createdAt"));
  });

  it.each<[string, number]>([
    ["status=OPEN", 4],
    ["status=open&status=RESOLVED", 8],
    ["severity=CRITICAL", 4],
    ["severity=LOW&severity=HIGH&status=ASSIGNED", 2],
    ["dateFrom=2026-03-02", 10],
    ["dateTo=2026-03-01", 6],
    ["dateFrom=2026-03-02&dateTo=2026-03-02", 5],
    ["dateFrom=2026-03-04", 0],
    ["dateFrom=0001-01-01&dateTo=9999-12-31", 16],
    [`contextId=${randomUUID()}`, 0],
  ])("filters by %s", async (query, count) => {
    await fill();
    expect(await walk(`limit=200&${query}`)).toHaveLength(count);
    expect(await walk(`limit=2&sort=dueAt&${query}`)).toHaveLength(count);
  });

  it("takes whole days in UTC, both included", async () => {
    const at = (createdAt: string) => ({ createdAt: new Date(createdAt) });
    const [, first, last] = await bench.add([
      at("2026-03-01T23:59:59.999Z"),
      at("2026-03-02T00:00:00.000Z"),
      at("2026-03-03T23:59:59.999Z"),
      at("2026-03-04T00:00:00.000Z"),
    ]);
    const { items } = await page("dateFrom=2026-03-02&dateTo=2026-03-03");
    expect(items.map(({ id }) => id)).toEqual([last, first]);
  });

  it("tells contexts apart", async () => {
    await fill();
    const other = await createExceptionBench(api, bench.tenantId);
    const [id] = await other.add([{}]);
    expect(await walk("limit=200")).toHaveLength(17);
    expect(await page(`contextId=${other.contextId}`)).toMatchObject({ items: [{ id }] });
    expect(await walk(`limit=5&contextId=${bench.contextId}`)).toHaveLength(16);
  });

  it.each([
    "-createdAt",
    "createdAt",
    "severity",
    "-status",
    "id",
    "-updatedAt",
    "dueAt",
    "-dueAt",
  ])(
    "neither skips nor repeats what was there, sorted by %s, while others are added",
    async (sort) => {
      await fill();
      const before = await walk(`limit=200&sort=${sort}`);
      const dueAt = new Date("2026-04-01T00:00:00Z");
      const seen = await walk(`limit=4&sort=${sort}`, () =>
        bench.add([{}, { dueAt, createdAt: new Date("2026-03-02T12:00:00Z") }]),
      );
      const ids = seen.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const known = new Set(before.map(({ id }) => id));
      expect(ids.filter((id) => known.has(id))).toEqual(before.map(({ id }) => id));
    },
  );

  it("takes a cursor only where it came from", async () => {
    await fill();
    const { nextCursor } = await page("limit=2&status=OPEN&status=RESOLVED");
    const again = `limit=5&cursor=${nextCursor}`;
    await page(`${again}&status=resolved&status=open&status=OPEN`);
    for (const query of ["", "&status=OPEN", "&status=OPEN&status=RESOLVED&sort=id"]) {
      const { body } = await bench.caller.get(`/v1/exceptions?${again}${query}`).expect(400);
      expect(body.errors).toMatchObject([{ field: "cursor" }]);
    }
  });

  it.each<[string, unknown[]]>([
    ["createdAt", [null, 1, "x", "2026-13-01T00:00:00.000Z", "2026-02-30T00:00:00.000Z"]],
    ["updatedAt", [null, "infinity", "0000-01-01T00:00:00.000Z"]],
    ["dueAt", [1, "infinity", "", true]],
    ["severity", [null, -1, 1.5, 1e9, "1", "HIGH"]],
    ["id", [null, 3, randomUUID()]],
  ])("refuses a made-up cursor of a list by %s", async (sort, values) => {
    await fill();
    const { nextCursor = "" } = await page(`limit=1&sort=${sort}`);
    const [print, , id] = JSON.parse(Buffer.from(nextCursor, "base64url").toString());
    for (const value of values) {
      const forged = Buffer.from(JSON.stringify([print, value, id])).toString("base64url");
      await bench.caller.get(`/v1/exceptions?sort=${sort}&cursor=${forged}`).expect(400);
    }
  });

  it.each([
    ["sort=amount", 400, "sort"],
    ["sort=--id", 400, "sort"],
    ["sort=id&sort=status", 400, "sort"],
    ["status=CLOSED", 400, "status"],
    ["severity=URGENT", 400, "severity"],
    ["severity=", 400, "severity"],
    ["colour=red", 400, "colour"],
    ["limit=0", 400, "limit"],
    ["limit=many", 422, "limit"],
    ["dateFrom=2026-02-30", 422, "dateFrom"],
    ["dateTo=yesterday", 422, "dateTo"],
    ["dateFrom=2026-02-02&dateTo=2026-02-01", 400, "dateFrom"],
    ["contextId=x", 422, "contextId"],
    ["cursor=x", 400, "cursor"],
  ])("refuses %s with %i", async (query, status, field) => {
    const { body } = await bench.caller.get(`/v1/exceptions?${query}`).expect(status);
    expect(body.errors).toMatchObject([{ field }]);
  });

  it("serves a limit over 200 as 200", async () => {
    expect(await page("limit=1000")).toMatchObject({ limit: 200, items: [] });
  });
});
