import { withBrokenTable } from "@docket/testing";
import type request from "supertest";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const UUID_V7 = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);

/** The request of every action. */
const ACTIONS: Readonly<Record<string, (id: string) => request.Test>> = {
  update: (id) => suite.tenant.send("patch", `/v1/disputes/${id}`, { description: "new" }),
  open: (id) => suite.tenant.send("post", `/v1/disputes/${id}/open`),
  "request-evidence": (id) =>
    suite.tenant.send("post", `/v1/disputes/${id}/request-evidence`, { note: "n" }),
  "add-evidence": (id) =>
    suite.tenant.send("post", `/v1/disputes/${id}/evidence`, {
      comment: "c",
      fileUrl: "https://a/b",
    }),
  close: (id) =>
    suite.tenant.send("post", `/v1/disputes/${id}/close`, { won: true, resolution: "r" }),
  reopen: (id) => suite.tenant.send("post", `/v1/disputes/${id}/reopen`, { reason: "r" }),
};

describe("every action in every state", () => {
  it.each(["DRAFT", "OPEN", "PENDING_EVIDENCE", "WON", "LOST"])(
    "is accepted in %s if allowedActions has it, and otherwise refused with 409",
    async (state) => {
      for (const [action, send] of Object.entries(ACTIONS)) {
        const id = await suite.tenant.aDispute(state);
        const { body: before } = await suite.tenant.getDispute(id);
        const answer = await send(id);
        if (before.allowedActions.includes(action)) {
          expect(answer.status).toBe(200);
          expect(answer.body.version).toBe(before.version + 1);
          continue;
        }
        expect(answer.status).toBe(409);
        expect(answer.body).toMatchObject({ code: "invalid_dispute_transition" });
        expect(answer.body.detail).toContain(state);
        expect(answer.body.detail).toContain(action);
        expect((await suite.tenant.getDispute(id)).body).toEqual(before);
      }
    },
  );
});

describe("the lifecycle of a dispute", () => {
  it("leads through evidence, a loss, a reopening and a win, all of which the history records", async () => {
    const id = await suite.tenant.aDispute();
    const path = `/v1/disputes/${id}`;
    const post = (action: string, body: object, sub?: string): request.Test =>
      suite.tenant.send("post", `${path}/${action}`, body, sub).expect(200);
    await post("request-evidence", { note: "the statement" }, "bob");
    const proof = { comment: "see page 2", fileUrl: "https://files.example/a.pdf" };
    const { body: proven } = await post("evidence", proof);
    expect(proven).toMatchObject({
      state: "OPEN",
      evidence: [
        { id: UUID_V7, disputeId: id, submittedBy: "alice", submittedAt: INSTANT, ...proof },
      ],
    });
    expect(proven.evidence[0]).not.toHaveProperty("file");
    const { body: lost } = await post("close", { won: false, resolution: "no" }, "bob");
    expect(lost).toMatchObject({
      state: "LOST",
      resolution: "no",
      closedBy: "bob",
      closedAt: INSTANT,
      allowedActions: ["reopen"],
    });
    const { body: again } = await post("reopen", { reason: "new facts" });
    expect(again).toMatchObject({ state: "OPEN", reopenReason: "new facts" });
    for (const gone of ["resolution", "closedBy", "closedAt"])
      expect(again).not.toHaveProperty(gone);
    const { body: won } = await post("close", { won: true, resolution: "yes" });
    expect(won).toMatchObject({ state: "WON", allowedActions: [], version: 6 });
    const common = { id: UUID_V7, at: INSTANT };
    expect(await suite.tenant.history(id)).toEqual([
      { ...common, type: "created", to: "OPEN", actor: "alice" },
      {
        ...common,
        type: "evidence-requested",
        from: "OPEN",
        to: "PENDING_EVIDENCE",
        actor: "bob",
        note: "the statement",
      },
      {
        ...common,
        type: "evidence-added",
        from: "PENDING_EVIDENCE",
        to: "OPEN",
        actor: "alice",
        evidenceId: proven.evidence[0].id,
      },
      { ...common, type: "closed", from: "OPEN", to: "LOST", actor: "bob", note: "no" },
      { ...common, type: "reopened", from: "LOST", to: "OPEN", actor: "alice", note: "new facts" },
      { ...common, type: "closed", from: "OPEN", to: "WON", actor: "alice", note: "yes" },
    ]);
    expect(
      (await suite.tenant.audit()).map(({ action, subject }) => `${action} ${subject}`),
    ).toEqual(
      ["created", "evidence-requested", "evidence-added", "lost", "reopened", "won"].map(
        (type) => `dispute.${type} ${path}`,
      ),
    );
  });

  it("records the request ID in the audit trail", async () => {
    const id = await suite.tenant.aDispute();
    await suite.tenant
      .send("post", `/v1/disputes/${id}/request-evidence`, { note: "n" }, "bob")
      .set("X-Request-Id", "req-7")
      .expect(200);
    expect((await suite.tenant.audit()).at(-1)).toMatchObject({ actor: "bob", requestId: "req-7" });
  });

  it("never treats a missing outcome as a loss", async () => {
    const id = await suite.tenant.aDispute();
    const answer = await suite.tenant
      .send("post", `/v1/disputes/${id}/close`, { resolution: "r" })
      .expect(400);
    expect(answer.body.errors).toEqual([{ field: "won", detail: "won is required" }]);
    expect((await suite.tenant.getDispute(id)).body.state).toBe("OPEN");
  });
});

describe("a change", () => {
  const STATES: Readonly<Record<string, string>> = {
    update: "DRAFT",
    open: "DRAFT",
    reopen: "LOST",
  };

  it.each(["dispute_events", "audit_events"])(
    "is rolled back if %s cannot be written",
    async (table) => {
      for (const [action, send] of Object.entries(ACTIONS)) {
        const id = await suite.tenant.aDispute(STATES[action]);
        const before = [
          (await suite.tenant.getDispute(id)).body,
          await suite.tenant.history(id),
          await suite.tenant.audit(),
        ];
        const answer = await withBrokenTable(suite.stage.testDatabase, table, async () => send(id));
        expect({ action, status: answer.status }).toEqual({ action, status: 500 });
        expect(answer.text).not.toMatch(/broken|constraint|INSERT/);
        expect([
          (await suite.tenant.getDispute(id)).body,
          await suite.tenant.history(id),
          await suite.tenant.audit(),
        ]).toEqual(before);
        await send(id).expect(200);
      }
    },
  );

  it("does not create a dispute if the audit trail cannot be written", async () => {
    const path = `/v1/exceptions/${await suite.tenant.anException()}/disputes`;
    const body = { category: "OTHER", description: "d" };
    const answer = await withBrokenTable(suite.stage.testDatabase, "audit_events", async () =>
      suite.tenant.send("post", path, body),
    );
    expect(answer.status).toBe(500);
    expect((await suite.tenant.send("get", "/v1/disputes").expect(200)).body.items).toEqual([]);
  });
});
