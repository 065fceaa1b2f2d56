import { randomUUID } from "node:crypto";
import { aFile, upload } from "../support/evidence.ts";
import { listAt } from "../support/lists.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

type Event = { readonly id: string; readonly type: string };

const historyOf = (disputeId: string) =>
  listAt<Event>((path) => suite.tenant.send("get", path), `/v1/disputes/${disputeId}/history`);

describe("GET /v1/disputes/{disputeId}/history", () => {
  it("returns every event once, oldest first, while events are added", async () => {
    const id = await suite.tenant.aDispute();
    const addEvidence = (): Promise<unknown> =>
      suite.tenant
        .send("post", `/v1/disputes/${id}/evidence`, { comment: "c", fileUrl: "https://a/b" })
        .expect(200);
    for (let added = 0; added < 3; added += 1) await addEvidence();
    const before = await suite.tenant.history(id);
    let isFirst = true;
    const seen = await historyOf(id).walk("limit=2", async () => {
      if (isFirst) await addEvidence();
      isFirst = false;
    });
    expect(seen.slice(0, before.length)).toEqual(before);
    expect(seen).toEqual(await suite.tenant.history(id));
    expect(seen.map(({ type }) => type)).toEqual(["created", ...Array(4).fill("evidence-added")]);
  });

  it("ends at 1,000 events, and the dispute can still be closed", async () => {
    const id = await suite.tenant.aDispute();
    await suite.tenant.inTenant(() =>
      suite.stage.context.database.prisma.dispute.updateMany({
        where: { id },
        data: { version: 999 },
      }),
    );
    const requestEvidence = { note: "the statement" };
    await suite.tenant
      .send("post", `/v1/disputes/${id}/request-evidence`, requestEvidence)
      .expect(200);
    const proof = { comment: "c", fileUrl: "https://a/b" };
    const { body } = await suite.tenant
      .send("post", `/v1/disputes/${id}/evidence`, proof)
      .expect(409);
    expect(body.code).toBe("history_limit_reached");
    const uploaded = await upload(suite.tenant, id, aFile("text/csv", 20)).expect(409);
    expect(uploaded.body.code).toBe("history_limit_reached");
    // Refused before the file was stored.
    expect(await suite.tenant.storedObjects()).toEqual([]);
    expect((await suite.tenant.getDispute(id)).body).toMatchObject({
      evidence: [],
      version: 1_000,
    });
    await suite.tenant
      .send("post", `/v1/disputes/${id}/close`, { won: false, resolution: "r" })
      .expect(200);
  });

  it("refuses a cursor of another dispute's history, and a forged one", async () => {
    const [one, other] = [await suite.tenant.aDispute(), await suite.tenant.aDispute()];
    const proof = { comment: "c", fileUrl: "https://a/b" };
    await suite.tenant.send("post", `/v1/disputes/${one}/evidence`, proof).expect(200);
    const { nextCursor = "" } = await historyOf(one).page("limit=1");
    const [fingerprint] = JSON.parse(Buffer.from(nextCursor, "base64url").toString()) as string[];
    const forged = (version: unknown): string =>
      Buffer.from(JSON.stringify([fingerprint, version, randomUUID()])).toString("base64url");
    await historyOf(other).refuse(`cursor=${nextCursor}`, 400);
    for (const version of [null, "1", 1.5, -1, 2 ** 31])
      await historyOf(one).refuse(`cursor=${forged(version)}`, 400);
    expect((await historyOf(one).page(`cursor=${forged(0)}`)).items).toHaveLength(2);
  });
});
