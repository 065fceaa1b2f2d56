import { randomUUID } from "node:crypto";
import type request from "supertest";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const RESOLUTION = { resolutionType: "REFUND", resolutionNotes: "The bank paid." };

const bulk = (body: object, sub?: string): request.Test =>
  suite.tenant.send("post", "/v1/exceptions/bulk", { remark: "triage", ...body }, sub);
const get = async (id: string) =>
  (await suite.tenant.send("get", `/v1/exceptions/${id}`).expect(200)).body;
const historyOf = async (id: string) =>
  (await suite.tenant.send("get", `/v1/exceptions/${id}/history`).expect(200)).body.items;

describe("POST /v1/exceptions/bulk", () => {
  it("applies what it can and says what became of each exception, in the order given", async () => {
    const [open = "", assigned = "", resolved = ""] = await suite.tenant.addExceptions([
      {},
      { status: "ASSIGNED", assignedTo: "kim" },
      { status: "RESOLVED" },
    ]);
    const unknown = randomUUID();
    const foreign = await (await createTenant(suite.stage)).anException();
    const exceptionIds = [resolved, unknown, open, foreign, assigned.toUpperCase()];
    const { body } = await bulk({ exceptionIds, action: "assign", assignedTo: "kim" }, "bob");
    const missing = {
      outcome: "refused",
      code: "not_found",
      detail: "There is no such exception.",
    };
    expect(body).toEqual({
      results: [
        {
          exceptionId: resolved,
          outcome: "refused",
          code: "invalid_exception_transition",
          detail: expect.stringContaining("RESOLVED"),
        },
        { exceptionId: unknown, ...missing },
        { exceptionId: open, outcome: "applied" },
        { exceptionId: foreign, ...missing },
        { exceptionId: assigned, outcome: "unchanged" },
      ],
    });
    expect(await get(open)).toMatchObject({ status: "ASSIGNED", assignedTo: "kim", version: 2 });
    expect(await get(assigned)).toMatchObject({ version: 1 });
    expect((await historyOf(open)).at(-1)).toMatchObject({
      type: "updated",
      actor: "bob",
      note: "triage",
    });
    const audit = await suite.tenant.audit();
    expect(audit).toMatchObject([{ action: "exception.updated", actor: "bob" }]);
  });

  it("unassigns with null, and sets and clears a due date", async () => {
    const [id = ""] = await suite.tenant.addExceptions([{ status: "ASSIGNED", assignedTo: "kim" }]);
    await bulk({ exceptionIds: [id], action: "assign", assignedTo: null }).expect(200);
    expect(await get(id)).toMatchObject({ status: "OPEN" });
    const dueAt = "2026-04-01T10:00:00.000Z";
    await bulk({ exceptionIds: [id], action: "set-due-date", dueAt }).expect(200);
    expect(await get(id)).toMatchObject({ dueAt });
    await bulk({ exceptionIds: [id], action: "set-due-date", dueAt: null }).expect(200);
    expect(await get(id)).not.toHaveProperty("dueAt");
  });

  it("resolving again is unchanged with the same resolution, and refused with another", async () => {
    const exceptionIds = [await suite.tenant.anException()];
    const outcome = async (body: object): Promise<unknown> =>
      (await bulk({ exceptionIds, action: "resolve", ...body }).expect(200)).body.results[0];
    expect(await outcome(RESOLUTION)).toMatchObject({ outcome: "applied" });
    expect(await outcome(RESOLUTION)).toMatchObject({ outcome: "unchanged" });
    expect(await outcome({ ...RESOLUTION, resolutionType: "FEE" })).toMatchObject({
      outcome: "refused",
      code: "invalid_exception_transition",
    });
    const [, event] = await historyOf(exceptionIds[0]!);
    expect(event).toMatchObject({ type: "resolved", note: "triage" });
  });

  it("changes 100 exceptions, each by itself", async () => {
    const exceptionIds = await suite.tenant.addExceptions(Array.from({ length: 100 }, () => ({})));
    const { body } = await bulk({ exceptionIds, action: "resolve", ...RESOLUTION }).expect(200);
    expect(body.results).toEqual(
      exceptionIds.map((exceptionId) => ({ exceptionId, outcome: "applied" })),
    );
    expect(await suite.tenant.audit()).toHaveLength(100);
  });

  it("neither deadlocks with nor loses a change of another one over the same exceptions", async () => {
    const ids = await suite.tenant.addExceptions(Array.from({ length: 40 }, () => ({})));
    const orders = [ids, ids.toReversed(), ids, ids.toReversed()];
    const answers = await Promise.all(
      orders.map((exceptionIds, n) =>
        bulk({ exceptionIds, action: "assign", assignedTo: `person ${n}` }).expect(200),
      ),
    );
    for (const { body } of answers)
      for (const { outcome } of body.results) expect(outcome).toBe("applied");
    for (const id of [ids[0]!, ids[39]!]) expect((await get(id)).version).toBe(5);
  });

  it("neither deadlocks with nor undoes an ingest of the same exceptions", async () => {
    const ids = await suite.tenant.addExceptions(
      Array.from({ length: 40 }, (_, n) => ({ transaction: { externalId: `T${n}` } })),
    );
    const feed = (round: number): Promise<{ status: number }> => {
      const record = { source: "Bank", assignedTo: "feed", reason: `round ${round}` };
      const lines = ids.map((_, n) => JSON.stringify({ ...record, transaction: `T${n}` }));
      return suite.tenant.push([`${lines.join("\n")}\n`], { kind: "exceptions" });
    };
    for (let round = 0; round < 5; round += 1) {
      const assignedTo = `person ${round}`;
      const exceptionIds = ids.toReversed();
      const [answer, fed] = await Promise.all([
        bulk({ exceptionIds, action: "assign", assignedTo }),
        feed(round),
      ]);
      expect([answer.status, fed.status]).toEqual([200, 200]);
    }
    for (const id of ids)
      expect(await get(id)).toMatchObject({ assignedTo: "person 4", reason: "round 4" });
    // Each event continues where the one before it ended.
    const changes = (await historyOf(ids[0]!)).flatMap(
      (event: { changes: { field: string; from?: string; to?: string }[] }) => event.changes,
    );
    for (const field of ["assignedTo", "reason"]) {
      const steps = changes.filter((change: { field: string }) => change.field === field);
      for (const [n, { from }] of steps.slice(1).entries()) expect(from).toBe(steps[n]!.to);
    }
  });

  it.each<[string, object, number, string]>([
    ["no IDs", { exceptionIds: [] }, 400, "exceptionIds"],
    [
      "101 IDs",
      { exceptionIds: Array.from({ length: 101 }, () => randomUUID()) },
      422,
      "exceptionIds",
    ],
    ["a malformed ID", { exceptionIds: ["x"] }, 422, "exceptionIds.0"],
    ["no remark", { remark: undefined }, 400, "remark"],
    ["a blank remark", { remark: " " }, 400, "remark"],
    ["an over-long remark", { remark: "r".repeat(1_001) }, 422, "remark"],
    ["an unknown action", { action: "delete", assignedTo: undefined }, 400, "action"],
    ["a missing field", { assignedTo: undefined }, 400, "assignedTo"],
    ["a field of another action", { dueAt: null }, 400, "dueAt"],
    [
      "half a resolution",
      { action: "resolve", assignedTo: undefined, resolutionType: "F" },
      400,
      "resolutionNotes",
    ],
  ])("refuses %s", async (_name, changes, status, field) => {
    const exceptionIds = [randomUUID()];
    const body = { exceptionIds, action: "assign", assignedTo: "kim", ...changes };
    const answer = await bulk(body).expect(status);
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  it("refuses the same ID twice, in any case", async () => {
    const id = await suite.tenant.anException();
    const exceptionIds = [id, id.toUpperCase()];
    await bulk({ exceptionIds, action: "assign", assignedTo: "kim" }).expect(400);
    expect(await get(id)).toMatchObject({ version: 1 });
  });
});
