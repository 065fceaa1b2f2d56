import { randomUUID } from "node:crypto";
import { createStage, type Stage } from "../support/stage.ts";

let api: Stage;

beforeAll(async () => {
  api = await createStage();
});

afterAll(() => api.close());

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

describe("POST /v1/contexts", () => {
  it("creates a context and returns its Location", async () => {
    const caller = api.caller();
    const answer = await caller.post("/v1/contexts", { name: "  Bank vs ledger  " }).expect(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(UUID_V7),
      name: "Bank vs ledger",
      createdAt: expect.stringMatching(INSTANT),
    });
    expect(answer.headers["location"]).toBe(`/v1/contexts/${answer.body.id}`);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  it.each([
    ["without a name", {}, 400, "name"],
    ["with a blank name", { name: "   " }, 400, "name"],
    ["with a name that is not a string", { name: 5 }, 422, "name"],
    ["with a name that is too long", { name: "x".repeat(101) }, 422, "name"],
    ["with NUL in its name", { name: "a\0b" }, 422, "name"],
    ["with an unknown field", { name: "x", colour: "red" }, 400, "colour"],
    ["with a tenant ID", { name: "x", tenantId: randomUUID() }, 400, "tenantId"],
    ["with faults of both kinds", { name: 5, colour: "red" }, 400, "colour"],
  ])("refuses a body %s", async (_, body, status, field) => {
    const { body: problem } = await api.caller().post("/v1/contexts", body).expect(status);
    expect(problem.code).toBe(status === 400 ? "bad_request" : "invalid_field");
    expect(problem.errors.map((each: { field: string }) => each.field)).toContain(field);
  });

  it("accepts a name of 100 characters", async () => {
    await api
      .caller()
      .post("/v1/contexts", { name: "🏦".repeat(100) })
      .expect(201);
  });

  it("accepts a name once per tenant, even from simultaneous requests", async () => {
    const caller = api.caller();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => caller.post("/v1/contexts", { name: "the one" })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201, 409, 409, 409, 409,
    ]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "name_taken",
      errors: [{ field: "name" }],
    });
  });

  it("accepts the name of another tenant's context", async () => {
    await api.caller().post("/v1/contexts", { name: "shared" }).expect(201);
    await api.caller().post("/v1/contexts", { name: "shared" }).expect(201);
  });
});

describe("GET /v1/contexts/{contextId}", () => {
  it("returns the counts of the context", async () => {
    const caller = api.caller();
    const id = await caller.aContext();
    const { body } = await caller.get(`/v1/contexts/${id}`).expect(200);
    expect(body).toMatchObject({ id, counts: NOTHING });

    const sourceId = await caller.aSource(id);
    await fill(caller.tenantId, id, sourceId);
    const { body: filled } = await caller.get(`/v1/contexts/${id}`).expect(200);
    expect(filled.counts).toEqual({
      transactions: 4,
      matched: 1,
      unmatched: 3,
      matchGroups: 1,
      exceptions: 2,
      openExceptions: 1,
    });
  });

  it("returns 404 for an unknown ID and 422 for an invalid one", async () => {
    await api.caller().get(`/v1/contexts/${randomUUID()}`).expect(404);
    const { body } = await api.caller().get("/v1/contexts/12").expect(422);
    expect(body).toMatchObject({ code: "invalid_field", errors: [{ field: "contextId" }] });
  });

  const NOTHING = {
    transactions: 0,
    matched: 0,
    unmatched: 0,
    matchGroups: 0,
    exceptions: 0,
    openExceptions: 0,
  };

  async function fill(tenantId: string, contextId: string, sourceId: string): Promise<void> {
    const { withTenant } = await import("@docket/platform/database");
    const { prisma } = api.context.database;
    await withTenant(tenantId, async () => {
      const statuses = ["MATCHED", "UNMATCHED", "IGNORED", "PENDING_REVIEW"];
      const base = { tenantId, contextId };
      const transactions = await prisma.transaction.createManyAndReturn({
        data: statuses.map((status, index) => ({
          ...base,
          sourceId,
          externalId: String(index),
          amount: "1",
          currency: "EUR",
          date: new Date(),
          status,
        })),
      });
      await prisma.matchGroup.create({ data: { ...base, externalId: "g" } });
      await prisma.exception.createMany({
        data: [
          { ...base, transactionId: transactions[0]!.id, severity: "LOW", status: "RESOLVED" },
          { ...base, transactionId: transactions[1]!.id, severity: "LOW", status: "ASSIGNED" },
        ],
      });
    });
  }
});
