import { withTenant } from "@docket/platform/database";
import { expireEvents, recordEvent } from "@docket/platform/rows";
import pg from "pg";
import { numberAll, readFeed } from "../support/events.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const write = (subject: string, type: "dispute.created" | "context.created", data: object = {}) =>
  withTenant(suite.tenant.tenantId, () =>
    recordEvent(suite.stage.context.database.prisma, { actor: "a" }, { type, subject, data }),
  );

const seqs = async (query: string): Promise<readonly number[]> =>
  (await readFeed(suite.tenant, query)).map(({ seq }) => seq);

describe("the feed", () => {
  it("is read page by page, filtered by type, family and subject", async () => {
    for (const subject of ["a", "b", "a"]) await write(subject, "dispute.created");
    await write("a", "context.created");
    await numberAll(suite.tenant);
    const page = async (query: string) =>
      (await suite.tenant.send("get", `/v1/events?${query}`).expect(200)).body;
    expect(await page("limit=3")).toMatchObject({
      items: [{ seq: 1 }, { seq: 2 }, { seq: 3 }],
      limit: 3,
      hasMore: true,
      lastSeq: 3,
    });
    expect(await page("after=3")).toMatchObject({
      items: [{ seq: 4, type: "context.created", subject: "a", actor: "a", data: {} }],
      hasMore: false,
      lastSeq: 4,
    });
    expect(await page("after=7")).toEqual({ items: [], limit: 20, hasMore: false, lastSeq: 7 });
    expect(await seqs("type=dispute.*")).toEqual([1, 2, 3]);
    expect(await seqs("type=dispute.*&limit=2&after=1")).toEqual([2, 3]);
    expect(await seqs("type=context.created&type=dispute.created")).toEqual([1, 2, 3, 4]);
    expect(await seqs("subject=a")).toEqual([1, 3, 4]);
    expect(await seqs("subject=a&type=dispute.created&after=1")).toEqual([3]);
    expect(await seqs("subject=c")).toEqual([]);
  });

  it("ends a page at 1 MiB and shortens data to 20 kB", async () => {
    const long = "\u{1f600}".repeat(20_000);
    for (let n = 0; n < 70; n++)
      await write(`n${n}`, "dispute.created", { long, n: "x".repeat(100) });
    const items = await readFeed(suite.tenant, "limit=200");
    const { data } = items[0]!;
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThanOrEqual(20_000);
    expect(data).toMatchObject({ truncated: true, n: "x".repeat(100) });
    expect(String(data!["long"])).toMatch(/^(?:\u{1f600})+…$/u);
    const all = await readFeed(suite.tenant, `limit=200&after=${items.at(-1)!.seq}`);
    expect(items.length + all.length).toBeLessThanOrEqual(70);
  });

  it("hides data and salt of a family that the token may not read", async () => {
    await write("d", "dispute.created", { id: "d" });
    await write("c", "context.created", { id: "c" });
    await numberAll(suite.tenant);
    const { tenantId } = suite.tenant;
    const caller = suite.stage.caller({
      tenant_id: tenantId,
      permissions: ["event:read", "context:read"],
    });
    const { body } = await caller.get("/v1/events").expect(200);
    expect(body.items).toMatchObject([
      { type: "dispute.created", data: null, salt: null, hash: expect.any(String) },
      { type: "context.created", data: { id: "c" }, salt: expect.any(String) },
    ]);
    const stranger = suite.stage.caller({ tenant_id: tenantId, permissions: ["dispute:read"] });
    await stranger.get("/v1/events").expect(403);
    const other = suite.stage.caller();
    expect((await other.get("/v1/events").expect(200)).body.items).toEqual([]);
  });

  it.each([
    ["type=dispute.nothing", 400],
    ["type=nothing.*", 400],
    ["type=export-job.progress", 400],
    ["after=-1", 400],
    ["after=x", 422],
    ["after=1e3", 422],
    ["limit=0", 400],
    ["cursor=x", 400],
    [`subject=${"x".repeat(501)}`, 422],
  ])("refuses ?%s with %i", async (query, status) => {
    await suite.tenant.send("get", `/v1/events?${query}`).expect(status);
  });

  it("answers 410 with the oldest event to a reader who comes too late", async () => {
    const { tenantId } = suite.tenant;
    for (const subject of ["a", "b", "c"]) await write(subject, "dispute.created");
    await numberAll(suite.tenant);
    const owner = new pg.Client(suite.stage.testDatabase.ownerUrl);
    await owner.connect();
    await owner.query("UPDATE events SET at = '2020-01-01' WHERE tenant_id = $1 AND seq < 3", [
      tenantId,
    ]);
    await owner.query("UPDATE event_heads SET oldest_at = '2020-01-01' WHERE tenant_id = $1", [
      tenantId,
    ]);
    await owner.end();
    await expireEvents(suite.stage.context.database.pool, 400, 100);
    for (const after of [0, 1]) {
      const { body } = await suite.tenant.send("get", `/v1/events?after=${after}`).expect(410);
      expect(body).toMatchObject({ code: "events_expired", oldestSeq: 3 });
    }
    const [kept] = await readFeed(suite.tenant, "after=2");
    expect(kept).toMatchObject({ seq: 3 });
    const { body } = await suite.tenant.send("get", "/v1/events/head").expect(200);
    expect(body).toEqual({
      seq: 3,
      hash: kept!.hash,
      oldest: { seq: 3, previousHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it("has a head of zeros before the first event", async () => {
    const zeros = "0".repeat(64);
    const { body } = await suite.tenant.send("get", "/v1/events/head").expect(200);
    expect(body).toEqual({ seq: 0, hash: zeros, oldest: { seq: 0, previousHash: zeros } });
  });
});
