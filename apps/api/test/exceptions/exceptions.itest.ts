import { randomUUID } from "node:crypto";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

describe("GET /v1/exceptions/{exceptionId}", () => {
  it("returns the exception with its transaction and its disputes", async () => {
    const dueAt = new Date("2026-04-01T00:00:00Z");
    const [id = ""] = await suite.tenant.addExceptions([{ reason: "no such order", dueAt }]);
    const { body } = await suite.tenant.caller.get(`/v1/exceptions/${id}`).expect(200);
    expect(body).toEqual({
      id,
      contextId: suite.tenant.contextId,
      transactionId: expect.any(String),
      severity: "HIGH",
      status: "OPEN",
      reason: "no such order",
      dueAt: "2026-04-01T00:00:00.000Z",
      ageDays: 0,
      overdue: true,
      version: 1,
      createdAt: expect.stringMatching(/\.\d{3}Z$/),
      updatedAt: expect.stringMatching(/\.\d{3}Z$/),
      transaction: {
        id: body.transactionId,
        sourceId: suite.tenant.sourceId,
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

    const [first, second] = [
      await suite.tenant.createDispute({}, id),
      await suite.tenant.createDispute({}, id),
    ];
    const resolution = { won: true, resolution: "paid back" };
    await suite.tenant.caller.post(`/v1/disputes/${first.id}/close`, resolution).expect(200);
    const later = await suite.tenant.caller.get(`/v1/exceptions/${id}`).expect(200);
    expect(later.body).toEqual({
      ...body,
      disputes: [
        { id: first.id, state: "WON" },
        { id: second.id, state: "OPEN" },
      ],
    });
    const list = await suite.tenant.caller.get("/v1/exceptions").expect(200);
    expect(list.body.items).toEqual([later.body]);
  });

  it("returns instants of the years 0001 to 9999 unchanged", async () => {
    const createdAt = new Date("0001-01-01T00:00:00Z");
    const [id = ""] = await suite.tenant.addExceptions([
      { createdAt, dueAt: new Date("9999-12-31T23:59:59.999Z") },
    ]);
    const { body } = await suite.tenant.caller.get(`/v1/exceptions/${id}`).expect(200);
    expect(body).toMatchObject({
      createdAt: "0001-01-01T00:00:00.000Z",
      dueAt: "9999-12-31T23:59:59.999Z",
    });
  });

  it("returns the same 404 for another tenant's ID as for an unknown ID, and 422 for an invalid one", async () => {
    const [id = ""] = await suite.tenant.addExceptions([{}]);
    const other = suite.stage.caller();
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
    await suite.tenant.caller.get("/v1/exceptions/x").expect(422);
  });

  it("requires exception:read", async () => {
    const [id = ""] = await suite.tenant.addExceptions([{}]);
    const permissions = ["dispute:read", "context:read", "record:write"];
    const without = suite.stage.caller({ tenant_id: suite.tenant.tenantId, permissions });
    await without.get(`/v1/exceptions/${id}`).expect(403);
    await without.get("/v1/exceptions").expect(403);
    const only = suite.stage.caller({
      tenant_id: suite.tenant.tenantId,
      permissions: ["exception:read"],
    });
    await only.get(`/v1/exceptions/${id}`).expect(200);
  });
});
