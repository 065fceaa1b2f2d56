import { randomUUID } from "node:crypto";
import request from "supertest";
import { createApi, type TestApi } from "../support/api.ts";
import { createBench, type Bench } from "../support/disputes.ts";
import { validToken } from "../support/tokens.ts";

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await createApi();
});

beforeEach(async () => {
  bench = await createBench(api);
});

afterAll(() => api.close());

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const statusesOf = (answers: readonly { status: number }[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);
const UUID_V7 = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);

describe("POST /v1/exceptions/{exceptionId}/disputes", () => {
  it("opens a dispute at once", async () => {
    const exceptionId = await bench.anException();
    const answer = await bench
      .send("post", `/v1/exceptions/${exceptionId}/disputes`, {
        category: "bank_fee_error",
        description: "  too much  ",
      })
      .expect(201);
    expect(answer.body).toEqual({
      id: UUID_V7,
      exceptionId,
      contextId: bench.contextId,
      category: "BANK_FEE_ERROR",
      state: "OPEN",
      description: "too much",
      openedBy: "alice",
      openedAt: INSTANT,
      evidence: [],
      allowedActions: ["request-evidence", "add-evidence", "close"],
      version: 1,
      createdAt: INSTANT,
      updatedAt: INSTANT,
    });
    expect(answer.headers["location"]).toBe(`/v1/disputes/${answer.body.id}`);
    expect(answer.headers["etag"]).toBe('"1"');
    expect(await bench.history(answer.body.id)).toEqual([
      { id: UUID_V7, type: "created", to: "OPEN", actor: "alice", at: answer.body.createdAt },
    ]);
  });

  it("keeps a draft, which is opened later, by whoever opens it", async () => {
    const draft = await bench.created({ draft: true });
    expect(draft).toMatchObject({ state: "DRAFT", allowedActions: ["update", "open"] });
    expect(draft).not.toHaveProperty("openedAt");
    const path = `/v1/disputes/${draft.id}`;
    const patched = await bench.send("patch", path, { description: "better" }).expect(200);
    expect(patched.body).toMatchObject({ state: "DRAFT", description: "better", version: 2 });
    const opened = await bench.send("post", `${path}/open`, undefined, "bob").expect(200);
    expect(opened.body).toMatchObject({
      state: "OPEN",
      openedBy: "bob",
      openedAt: INSTANT,
      version: 3,
    });
    expect(await bench.history(draft.id)).toMatchObject([
      { type: "created", to: "DRAFT", actor: "alice" },
      { type: "updated", actor: "alice", note: "description was: words" },
      { type: "opened", from: "DRAFT", to: "OPEN", actor: "bob" },
    ]);
  });

  it("allows several disputes on one exception", async () => {
    const exceptionId = await bench.anException();
    const path = `/v1/exceptions/${exceptionId}/disputes`;
    for (const description of ["one", "two"]) {
      await bench.send("post", path, { category: "OTHER", description }).expect(201);
    }
    const { body } = await bench.send("get", `/v1/disputes?exceptionId=${exceptionId}`).expect(200);
    expect(body.items).toHaveLength(2);
  });

  it("does not know an exception that is not there, or another tenant's", async () => {
    const other = await createBench(api);
    const body = { category: "OTHER", description: "x" };
    const answers = await Promise.all(
      [randomUUID(), await other.anException()].map((id) =>
        bench.send("post", `/v1/exceptions/${id}/disputes`, body).expect(404),
      ),
    );
    for (const answer of answers) {
      expect(answer.body).toMatchObject({
        code: "not_found",
        detail: "There is no such exception.",
      });
    }
    await bench.send("post", "/v1/exceptions/x/disputes", body).expect(422);
    expect(await bench.audit()).toEqual([]);
  });
});

describe("every action in every state", () => {
  const ACTIONS: Readonly<Record<string, (id: string) => request.Test>> = {
    update: (id) => bench.send("patch", `/v1/disputes/${id}`, { description: "new" }),
    open: (id) => bench.send("post", `/v1/disputes/${id}/open`),
    "request-evidence": (id) =>
      bench.send("post", `/v1/disputes/${id}/request-evidence`, { note: "n" }),
    "add-evidence": (id) =>
      bench.send("post", `/v1/disputes/${id}/evidence`, { comment: "c", fileUrl: "https://a/b" }),
    close: (id) => bench.send("post", `/v1/disputes/${id}/close`, { won: true, resolution: "r" }),
    reopen: (id) => bench.send("post", `/v1/disputes/${id}/reopen`, { reason: "r" }),
  };

  it.each(["DRAFT", "OPEN", "PENDING_EVIDENCE", "WON", "LOST"])(
    "does in %s what allowedActions says, and refuses the rest with 409",
    async (state) => {
      for (const [action, send] of Object.entries(ACTIONS)) {
        const id = await bench.aDispute(state);
        const { body: before } = await bench.get(id);
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
        expect((await bench.get(id)).body).toEqual(before);
      }
    },
  );
});

describe("a dispute's life", () => {
  it("goes through evidence, a loss, a reopening and a win, and the history keeps it all", async () => {
    const id = await bench.aDispute();
    const path = `/v1/disputes/${id}`;
    const post = (action: string, body: object, sub?: string): request.Test =>
      bench.send("post", `${path}/${action}`, body, sub).expect(200);
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
    expect(await bench.history(id)).toEqual([
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
    expect((await bench.audit()).map(({ action, subject }) => `${action} ${subject}`)).toEqual(
      ["created", "evidence-requested", "evidence-added", "closed", "reopened", "closed"].map(
        (type) => `dispute.${type} ${path}`,
      ),
    );
  });

  it("carries the request's id into the audit trail", async () => {
    const id = await bench.aDispute();
    await bench
      .send("post", `/v1/disputes/${id}/request-evidence`, { note: "n" }, "bob")
      .set("X-Request-Id", "req-7")
      .expect(200);
    expect((await bench.audit()).at(-1)).toMatchObject({ actor: "bob", requestId: "req-7" });
  });

  it("takes no missing outcome for a loss", async () => {
    const id = await bench.aDispute();
    const answer = await bench
      .send("post", `/v1/disputes/${id}/close`, { resolution: "r" })
      .expect(400);
    expect(answer.body.errors).toEqual([{ field: "won", detail: "won is required" }]);
    expect((await bench.get(id)).body.state).toBe("OPEN");
  });

  it("takes at most 50 pieces of evidence", async () => {
    const id = await bench.aDispute();
    const path = `/v1/disputes/${id}/evidence`;
    const proof = { comment: "c", fileUrl: "https://a/b" };
    for (let n = 0; n < 48; n += 1) await bench.send("post", path, proof).expect(200);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => bench.send("post", path, proof)),
    );
    expect(statusesOf(answers)).toEqual([200, 200, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "evidence_limit_reached",
      detail: expect.stringContaining("50 evidence items"),
    });
    expect((await bench.get(id)).body.evidence).toHaveLength(50);
  });
});

describe("two at once", () => {
  it("keeps both pieces of evidence, in the order of the history", async () => {
    const id = await bench.aDispute();
    const people = ["ann", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"];
    await Promise.all(
      people.map((sub) =>
        bench
          .send(
            "post",
            `/v1/disputes/${id}/evidence`,
            { comment: sub, fileUrl: "https://a/b" },
            sub,
          )
          .expect(200),
      ),
    );
    const { body } = await bench.get(id);
    expect(body.version).toBe(9);
    const comments = body.evidence.map((each: { comment: string }) => each.comment);
    expect(comments.toSorted()).toEqual(people);
    const told = (await bench.history(id)).slice(1);
    expect(told.map(({ actor }) => actor)).toEqual(comments);
    expect(told.map(({ evidenceId }) => evidenceId)).toEqual(
      body.evidence.map((each: { id: string }) => each.id),
    );
  });

  it("lets one close win and gives the others 409", async () => {
    const id = await bench.aDispute();
    const answers = await Promise.all(
      [true, false, true, false].map((won, index) =>
        bench.send("post", `/v1/disputes/${id}/close`, { won, resolution: `r${index}` }),
      ),
    );
    const [winner, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    for (const { status, body } of answers.filter((each) => each !== winner)) {
      expect({ status, code: body.code }).toEqual({
        status: 409,
        code: "invalid_dispute_transition",
      });
      expect(body.detail).toMatch(/(WON|LOST).*close/);
    }
    const { body } = await bench.get(id);
    expect(body).toEqual(winner?.body);
    expect(await bench.history(id)).toHaveLength(2);
  });
});

describe("ETag and If-Match", () => {
  it("tells the version, and says 304 to who knows it", async () => {
    const id = await bench.aDispute();
    const path = `/v1/disputes/${id}`;
    expect((await bench.get(id)).headers["etag"]).toBe('"1"');
    for (const tag of ['"1"', 'W/"1"', '"7", "1"', "*"]) {
      const answer = await bench.send("get", path).set("If-None-Match", tag).expect(304);
      expect(answer.headers["etag"]).toBe('"1"');
      expect(answer.text).toBe("");
    }
    await bench.send("get", path).set("If-None-Match", '"2"').expect(200);
  });

  it.each<[string, "post" | "patch", string, object, string]>([
    ["update", "patch", "", { description: "d" }, "DRAFT"],
    ["open", "post", "/open", {}, "DRAFT"],
    ["request-evidence", "post", "/request-evidence", { note: "n" }, "OPEN"],
    ["evidence", "post", "/evidence", { comment: "c", fileUrl: "https://a/b" }, "OPEN"],
    ["close", "post", "/close", { won: true, resolution: "r" }, "OPEN"],
    ["reopen", "post", "/reopen", { reason: "r" }, "LOST"],
  ])("are honoured by %s", async (_name, method, suffix, body, state) => {
    const id = await bench.aDispute(state);
    const { body: before } = await bench.get(id);
    const path = `/v1/disputes/${id}${suffix}`;
    for (const stale of ['"99"', `W/"${before.version}"`, "7"]) {
      const answer = await bench.send(method, path, body).set("If-Match", stale).expect(412);
      expect(answer.body.code).toBe("precondition_failed");
    }
    expect((await bench.get(id)).body).toEqual(before);
    const answer = await bench
      .send(method, path, body)
      .set("If-Match", `"${before.version}"`)
      .expect(200);
    expect(answer.headers["etag"]).toBe(`"${before.version + 1}"`);
  });

  it("lets one of two writers through who saw the same version", async () => {
    const id = await bench.aDispute("DRAFT");
    const answers = await Promise.all(
      ["a", "b"].map((description) =>
        bench.send("patch", `/v1/disputes/${id}`, { description }).set("If-Match", '"1"'),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, 412]);
  });
});

describe("tenants and permissions", () => {
  it("answers another tenant's dispute as one that is not there", async () => {
    const other = await createBench(api);
    const theirs = await other.aDispute();
    for (const id of [theirs, randomUUID()]) {
      const path = `/v1/disputes/${id}`;
      const calls: request.Test[] = [
        bench.send("get", path),
        bench.send("get", `${path}/history`),
        bench.send("patch", path, { description: "d" }),
        bench.send("post", `${path}/open`),
        bench.send("post", `${path}/request-evidence`, { note: "n" }),
        bench.send("post", `${path}/evidence`, { comment: "c", fileUrl: "https://a/b" }),
        bench.send("post", `${path}/close`, { won: true, resolution: "r" }),
        bench.send("post", `${path}/reopen`, { reason: "r" }),
        bench.send("get", `${path}/evidence/${randomUUID()}/download`),
      ];
      for (const call of calls) {
        const { body } = await call.expect(404);
        expect(body).toMatchObject({ code: "not_found", detail: "There is no such dispute." });
      }
    }
    expect((await bench.send("get", "/v1/disputes").expect(200)).body.items).toEqual([]);
    expect(await other.history(theirs)).toHaveLength(1);
  });

  it("needs dispute:read to look and dispute:write to act", async () => {
    const id = await bench.aDispute();
    const as = (permission: string): string =>
      `Bearer ${validToken({ tenant_id: bench.tenantId, permissions: [permission] })}`;
    const read = (token: string) =>
      request(api.app).get(`/v1/disputes/${id}`).set("Authorization", token);
    const write = (token: string) =>
      request(api.app)
        .post(`/v1/disputes/${id}/close`)
        .set("Authorization", token)
        .send({ won: true, resolution: "r" });
    await read(as("dispute:write")).expect(403);
    await write(as("dispute:read")).expect(403);
    await read(as("dispute:read")).expect(200);
    await write(as("dispute:write")).expect(200);
  });
});
