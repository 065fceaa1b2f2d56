import { randomUUID } from "node:crypto";
import { listAt } from "../support/lists.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

type Event = { readonly id: string; readonly type: string; readonly changes: readonly object[] };

const historyOf = (id: string) =>
  listAt<Event>((path) => suite.tenant.send("get", path), `/v1/exceptions/${id}/history`);
const patch = (id: string, body: object) =>
  suite.tenant.send("patch", `/v1/exceptions/${id}`, body);

describe("GET /v1/exceptions/{exceptionId}/history", () => {
  it("returns every event once, oldest first, while events are added", async () => {
    const id = await suite.tenant.anException();
    for (const assignedTo of ["a", "b", "c"]) await patch(id, { assignedTo }).expect(200);
    const before = (await historyOf(id).page()).items;
    let isFirst = true;
    const seen = await historyOf(id).walk("limit=1", async () => {
      if (isFirst) await patch(id, { assignedTo: "d" }).expect(200);
      isFirst = false;
    });
    expect(seen.slice(0, before.length)).toEqual(before);
    expect(seen.map(({ type }) => type)).toEqual(["created", ...Array(4).fill("updated")]);
  });

  it("has at most 1,000 events that people caused; resolving and ingests are exempt", async () => {
    const { prisma } = suite.stage.context.database;
    const id = await suite.tenant.anException();
    await suite.tenant.inTenant(() =>
      prisma.exception.updateMany({ where: { id }, data: { manualEvents: 999 } }),
    );
    await patch(id, { assignedTo: "kim" }).expect(200);
    const { body } = await patch(id, { assignedTo: "bob" }).expect(409);
    expect(body.code).toBe("history_limit_reached");
    const { transaction } = (await suite.tenant.caller.get(`/v1/exceptions/${id}`)).body;
    const record = { source: "Bank", transaction: transaction.externalId, reason: "new" };
    const answer = await suite.tenant.push([`${JSON.stringify(record)}\n`], { kind: "exceptions" });
    expect(answer.body).toMatchObject({ updated: 1 });
    const resolution = { resolutionType: "REFUND", resolutionNotes: "n" };
    await suite.tenant.caller.post(`/v1/exceptions/${id}/resolve`, resolution).expect(200);
    const { items } = await historyOf(id).page();
    expect(items.map(({ type }) => type)).toEqual(["created", "updated", "updated", "resolved"]);
    await suite.tenant.caller.post(`/v1/exceptions/${id}/reopen`, { reason: "r" }).expect(409);
  });

  it("refuses a cursor of another exception's history, and a forged one", async () => {
    const [one = "", other = ""] = await suite.tenant.addExceptions([{}, {}]);
    await patch(one, { severity: "LOW" }).expect(200);
    const { nextCursor = "" } = await historyOf(one).page("limit=1");
    const [fingerprint] = JSON.parse(Buffer.from(nextCursor, "base64url").toString()) as string[];
    const forged = (version: unknown): string =>
      Buffer.from(JSON.stringify([fingerprint, version, randomUUID()])).toString("base64url");
    await historyOf(other).refuse(`cursor=${nextCursor}`, 400);
    for (const version of [null, "1", 1.5, -1, 2 ** 31])
      await historyOf(one).refuse(`cursor=${forged(version)}`, 400);
    expect((await historyOf(one).page(`cursor=${forged(0)}`)).items).toHaveLength(1);
  });
});

describe("an exception", () => {
  it("shows its latest 50 disputes, oldest first", async () => {
    const id = await suite.tenant.anException();
    const ids: string[] = [];
    for (let n = 0; n < 52; n += 1) ids.push((await suite.tenant.createDispute({}, id)).id);
    const { body } = await suite.tenant.caller.get(`/v1/exceptions/${id}`).expect(200);
    expect(body.disputes.map((dispute: { id: string }) => dispute.id)).toEqual(ids.slice(2));
  });
});
