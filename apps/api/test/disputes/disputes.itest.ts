import { randomUUID } from "node:crypto";
import request from "supertest";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";
import { validToken } from "../support/tokens.ts";

const suite = useStage();

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const UUID_V7 = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);

describe("POST /v1/exceptions/{exceptionId}/disputes", () => {
  it("opens a dispute at once", async () => {
    const exceptionId = await suite.tenant.anException();
    const answer = await suite.tenant
      .send("post", `/v1/exceptions/${exceptionId}/disputes`, {
        category: "bank_fee_error",
        description: "  too much  ",
      })
      .expect(201);
    expect(answer.body).toEqual({
      id: UUID_V7,
      exceptionId,
      contextId: suite.tenant.contextId,
      category: "BANK_FEE_ERROR",
      state: "OPEN",
      description: "too much",
      disputedAmount: "12.3",
      currency: "EUR",
      overdue: false,
      openedBy: "alice",
      openedAt: INSTANT,
      evidence: [],
      checklist: [
        { kind: "BANK_STATEMENT", level: "REQUIRED", satisfied: false },
        { kind: "CONTRACT", level: "REQUIRED", satisfied: false },
        { kind: "CORRESPONDENCE", level: "RECOMMENDED", satisfied: false },
      ],
      allowedActions: ["request-evidence", "add-evidence", "close"],
      version: 1,
      createdAt: INSTANT,
      updatedAt: INSTANT,
    });
    expect(answer.headers["location"]).toBe(`/v1/disputes/${answer.body.id}`);
    expect(answer.headers["etag"]).toBe('"1"');
    expect(await suite.tenant.history(answer.body.id)).toEqual([
      { id: UUID_V7, type: "created", to: "OPEN", actor: "alice", at: answer.body.createdAt },
    ]);
  });

  it("creates a draft, which another person may open later", async () => {
    const draft = await suite.tenant.createDispute({ draft: true });
    expect(draft).toMatchObject({ state: "DRAFT", allowedActions: ["update", "open"] });
    expect(draft).not.toHaveProperty("openedAt");
    const path = `/v1/disputes/${draft.id}`;
    const patched = await suite.tenant.send("patch", path, { description: "better" }).expect(200);
    expect(patched.body).toMatchObject({ state: "DRAFT", description: "better", version: 2 });
    const opened = await suite.tenant.send("post", `${path}/open`, undefined, "bob").expect(200);
    expect(opened.body).toMatchObject({
      state: "OPEN",
      openedBy: "bob",
      openedAt: INSTANT,
      version: 3,
    });
    expect(await suite.tenant.history(draft.id)).toMatchObject([
      { type: "created", to: "DRAFT", actor: "alice" },
      { type: "updated", actor: "alice", note: "description was: words" },
      { type: "opened", from: "DRAFT", to: "OPEN", actor: "bob" },
    ]);
  });

  it("allows several disputes on one exception", async () => {
    const exceptionId = await suite.tenant.anException();
    const path = `/v1/exceptions/${exceptionId}/disputes`;
    for (const description of ["one", "two"]) {
      await suite.tenant.send("post", path, { category: "OTHER", description }).expect(201);
    }
    const { body } = await suite.tenant
      .send("get", `/v1/disputes?exceptionId=${exceptionId}`)
      .expect(200);
    expect(body.items).toHaveLength(2);
  });

  it("returns 404 for an unknown exception and for another tenant's", async () => {
    const other = await createTenant(suite.stage);
    const body = { category: "OTHER", description: "x" };
    const answers = await Promise.all(
      [randomUUID(), await other.anException()].map((id) =>
        suite.tenant.send("post", `/v1/exceptions/${id}/disputes`, body).expect(404),
      ),
    );
    for (const answer of answers) {
      expect(answer.body).toMatchObject({
        code: "not_found",
        detail: "There is no such exception.",
      });
    }
    await suite.tenant.send("post", "/v1/exceptions/x/disputes", body).expect(422);
    expect(await suite.tenant.audit()).toEqual([]);
  });
});

describe("tenants and permissions", () => {
  it("return 404 for another tenant's dispute as for an unknown one", async () => {
    const other = await createTenant(suite.stage);
    const theirs = await other.aDispute();
    for (const id of [theirs, randomUUID()]) {
      const path = `/v1/disputes/${id}`;
      const calls: request.Test[] = [
        suite.tenant.send("get", path),
        suite.tenant.send("get", `${path}/history`),
        suite.tenant.send("patch", path, { description: "d" }),
        suite.tenant.send("post", `${path}/open`),
        suite.tenant.send("post", `${path}/notes`, { note: "n" }),
        suite.tenant.send("post", `${path}/request-evidence`, { note: "n" }),
        suite.tenant.send("post", `${path}/evidence`, { comment: "c", fileUrl: "https://a/b" }),
        suite.tenant.send("post", `${path}/close`, { won: true, resolution: "r" }),
        suite.tenant.send("post", `${path}/reopen`, { reason: "r" }),
        suite.tenant.send("get", `${path}/evidence/${randomUUID()}/download`),
      ];
      for (const call of calls) {
        const { body } = await call.expect(404);
        expect(body).toMatchObject({ code: "not_found", detail: "There is no such dispute." });
      }
    }
    expect((await suite.tenant.send("get", "/v1/disputes").expect(200)).body.items).toEqual([]);
    expect(await other.history(theirs)).toHaveLength(1);
  });

  it("require dispute:read to read and dispute:write to change", async () => {
    const id = await suite.tenant.aDispute();
    const as = (permission: string): string =>
      `Bearer ${validToken({ tenant_id: suite.tenant.tenantId, permissions: [permission] })}`;
    const read = (token: string) =>
      request(suite.stage.app).get(`/v1/disputes/${id}`).set("Authorization", token);
    const write = (token: string) =>
      request(suite.stage.app)
        .post(`/v1/disputes/${id}/close`)
        .set("Authorization", token)
        .send({ won: true, resolution: "r" });
    await read(as("dispute:write")).expect(403);
    await write(as("dispute:read")).expect(403);
    await read(as("dispute:read")).expect(200);
    await write(as("dispute:write")).expect(200);
  });
});
