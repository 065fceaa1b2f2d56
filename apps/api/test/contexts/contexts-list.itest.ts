import { createStage, type Stage } from "../support/stage.ts";

let api: Stage;

beforeAll(async () => {
  api = await createStage();
});

afterAll(() => api.close());

describe("GET /v1/contexts", () => {
  const names = (body: { items: { name: string }[] }): string[] =>
    body.items.map(({ name }) => name);

  it("lists the tenant's contexts, newest first", async () => {
    const caller = api.caller();
    const { body: empty } = await caller.get("/v1/contexts").expect(200);
    expect(empty).toEqual({ items: [], limit: 20, hasMore: false });
    for (const name of ["a", "b", "c"]) await caller.aContext(name);
    await api.caller().aContext("another tenant's");
    const { body } = await caller.get("/v1/contexts").expect(200);
    expect(names(body)).toEqual(["c", "b", "a"]);
    expect(body).toMatchObject({ limit: 20, hasMore: false });
    expect(body).not.toHaveProperty("nextCursor");
  });

  it("returns every context that existed at the start once, while others are added", async () => {
    const caller = api.caller();
    const existing = Array.from({ length: 11 }, (_, index) => `existing ${index}`);
    await Promise.all(existing.map((name) => caller.aContext(name)));
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; ; page += 1) {
      const { body } = await caller.get(`/v1/contexts?limit=3${cursor}`).expect(200);
      seen.push(...names(body));
      await Promise.all([caller.aContext(), caller.aContext()]);
      if (!body.hasMore) break;
      expect(body.items).toHaveLength(3);
      cursor = `&cursor=${body.nextCursor}`;
      expect(page).toBeLessThan(10);
    }
    expect(seen.toSorted()).toEqual(existing.toSorted());
  });

  it.each([
    ["limit=200", 200, 200],
    ["limit=201", 200, 200],
    ["limit=99999999999999999999999", 200, 200],
    ["limit=1", 200, 1],
    ["limit=0", 400, undefined],
    ["limit=-1", 400, undefined],
    ["limit=2.5", 422, undefined],
    ["limit=abc", 422, undefined],
    ["limit=1e2", 422, undefined],
    ["limit=1&limit=2", 400, undefined],
    ["cursor=abc", 400, undefined],
    ["cursor=", 400, undefined],
    ["colour=red", 400, undefined],
    ["__proto__=1", 400, undefined],
    ["constructor=1", 400, undefined],
    ["limit[a]=1", 400, undefined],
  ])("answers ?%s with %i", async (query, status, limit) => {
    const { body } = await api.caller().get(`/v1/contexts?${query}`).expect(status);
    expect(body.limit).toBe(limit);
  });

  it("refuses a cursor of another list and a forged cursor", async () => {
    const caller = api.caller();
    const id = await caller.aContext();
    await caller.aSource(id);
    await caller.aSource(id);
    const { body } = await caller.get(`/v1/contexts/${id}/sources?limit=1`).expect(200);
    await caller.get(`/v1/contexts/${id}/sources?limit=5&cursor=${body.nextCursor}`).expect(200);
    const other = await caller.aContext();
    await caller.get(`/v1/contexts/${other}/sources?cursor=${body.nextCursor}`).expect(400);
    const { body: problem } = await caller
      .get(`/v1/contexts?cursor=${body.nextCursor}`)
      .expect(400);
    expect(problem).toMatchObject({ code: "bad_request", errors: [{ field: "cursor" }] });

    const [fingerprint] = JSON.parse(Buffer.from(body.nextCursor, "base64url").toString());
    const forge = (...rest: unknown[]): string =>
      Buffer.from(JSON.stringify([fingerprint, ...rest])).toString("base64url");
    const now = new Date().toISOString();
    for (const forged of [
      forge("0000-01-01T00:00:00.000Z", id),
      forge("2026-13-01T00:00:00.000Z", id),
      forge("x", id),
      forge(5, id),
      forge(null, id),
      forge(now, "x"),
      forge(now),
      forge({ $gt: 1 }, id),
    ]) {
      await caller.get(`/v1/contexts/${id}/sources?cursor=${forged}`).expect(400);
    }
    await caller
      .get(`/v1/contexts/${id}/sources?cursor=${forge("9999-12-31T23:59:59.999Z", id)}`)
      .expect(200);
    await caller
      .get(`/v1/contexts/${id}/sources?cursor=${forge("0001-01-01T00:00:00.000Z", id)}`)
      .expect(200);
  });
});
