import { randomUUID } from "node:crypto";
import { withBrokenTable } from "@docket/testing";
import type request from "supertest";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const UUID_V7 = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
const RESOLUTION = { resolutionType: "REFUND", resolutionNotes: "The bank paid." };

const get = async (id: string) =>
  (await suite.tenant.send("get", `/v1/exceptions/${id}`).expect(200)).body;
const patch = (id: string, body: object, sub?: string): request.Test =>
  suite.tenant.send("patch", `/v1/exceptions/${id}`, body, sub);
const resolve = (id: string, body: object = RESOLUTION): request.Test =>
  suite.tenant.send("post", `/v1/exceptions/${id}/resolve`, body);
const reopen = (id: string): request.Test =>
  suite.tenant.send("post", `/v1/exceptions/${id}/reopen`, { reason: "The refund bounced." });
const historyOf = async (id: string) =>
  (await suite.tenant.send("get", `/v1/exceptions/${id}/history?limit=200`).expect(200)).body.items;

/** The request of every action. */
const ACTIONS: Readonly<Record<string, (id: string) => request.Test>> = {
  update: (id) => patch(id, { severity: "LOW" }),
  resolve,
  reopen,
};

/** The actions that each status allows. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  OPEN: ["update", "resolve"],
  ASSIGNED: ["update", "resolve"],
  PENDING_RESOLUTION: ["update", "resolve"],
  RESOLVED: ["reopen"],
};

describe("every action in every status", () => {
  it.each(Object.entries(ALLOWED))("in %s only %j", async (status, allowed) => {
    for (const [action, send] of Object.entries(ACTIONS)) {
      const id = await suite.tenant.anException({ status });
      const before = await get(id);
      const answer = await send(id);
      if (allowed.includes(action)) {
        expect(answer.status).toBe(200);
        expect(answer.body.version).toBe(before.version + 1);
        expect(answer.headers["etag"]).toBe(`"${before.version + 1}"`);
        continue;
      }
      expect(answer.status).toBe(409);
      expect(answer.body.code).toBe("invalid_exception_transition");
      expect(answer.body.detail).toContain(status);
      expect(answer.body.detail).toContain(action);
      expect(await get(id)).toEqual(before);
    }
  });
});

describe("the life of an exception", () => {
  it("is recorded in its history and in the audit trail", async () => {
    const id = await suite.tenant.anException();
    const dueAt = "2026-04-01T10:00:00.000Z";
    const assigned = await patch(id, { assignedTo: "kim", dueAt }, "bob").expect(200);
    expect(assigned.body).toMatchObject({ status: "ASSIGNED", assignedTo: "kim", dueAt });
    const resolved = await resolve(id).expect(200);
    expect(resolved.body).toMatchObject({
      status: "RESOLVED",
      resolvedAt: INSTANT,
      version: 3,
      ...RESOLUTION,
    });
    expect(await get(id)).toEqual(resolved.body);
    const reopened = await reopen(id).expect(200);
    expect(reopened.body).toMatchObject({ status: "ASSIGNED", assignedTo: "kim" });
    for (const gone of ["resolvedAt", "resolutionType", "resolutionNotes"])
      expect(reopened.body).not.toHaveProperty(gone);
    const cleared = await patch(id, { assignedTo: null, dueAt: null }).expect(200);
    expect(cleared.body.status).toBe("OPEN");
    for (const gone of ["assignedTo", "dueAt"]) expect(cleared.body).not.toHaveProperty(gone);

    const { createdAt } = cleared.body;
    const [from, to] = ["The bank paid.", "REFUND"];
    expect(await historyOf(id)).toEqual([
      { id, type: "created", actor: "ingest", at: createdAt, changes: [] },
      {
        id: UUID_V7,
        type: "updated",
        actor: "bob",
        at: INSTANT,
        changes: [
          { field: "status", from: "OPEN", to: "ASSIGNED" },
          { field: "assignedTo", to: "kim" },
          { field: "dueAt", to: dueAt },
        ],
      },
      {
        id: UUID_V7,
        type: "resolved",
        actor: "alice",
        at: resolved.body.resolvedAt,
        changes: [
          { field: "status", from: "ASSIGNED", to: "RESOLVED" },
          { field: "resolutionType", to },
          { field: "resolutionNotes", to: from },
        ],
      },
      {
        id: UUID_V7,
        type: "reopened",
        actor: "alice",
        at: INSTANT,
        note: "The refund bounced.",
        changes: [
          { field: "status", from: "RESOLVED", to: "ASSIGNED" },
          { field: "resolutionType", from: to },
          { field: "resolutionNotes", from },
        ],
      },
      {
        id: UUID_V7,
        type: "updated",
        actor: "alice",
        at: INSTANT,
        changes: [
          { field: "status", from: "ASSIGNED", to: "OPEN" },
          { field: "assignedTo", from: "kim" },
          { field: "dueAt", from: dueAt },
        ],
      },
    ]);
    expect(
      (await suite.tenant.audit()).map(({ action, subject }) => `${action} ${subject}`),
    ).toEqual(
      ["updated", "resolved", "reopened", "updated"].map(
        (type) => `exception.${type} /v1/exceptions/${id}`,
      ),
    );
  });

  it("shows age and lateness", async () => {
    const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000 - 60_000);
    const fields = { createdAt: daysAgo(9), dueAt: daysAgo(1) };
    const id = await suite.tenant.anException(fields);
    expect(await get(id)).toMatchObject({ ageDays: 9, overdue: true });
    expect((await resolve(id).expect(200)).body).toMatchObject({ ageDays: 9, overdue: false });
    const resolvedAt = daysAgo(5);
    const old = await suite.tenant.anException({ ...fields, status: "RESOLVED", resolvedAt });
    expect(await get(old)).toMatchObject({ ageDays: 4, resolvedAt: resolvedAt.toISOString() });
    const later = { createdAt: daysAgo(-3), dueAt: daysAgo(-3) };
    const future = await suite.tenant.anException(later);
    expect(await get(future)).toMatchObject({ ageDays: 0, overdue: false });
  });
});

describe("a change", () => {
  it("that changes nothing writes nothing and keeps the version", async () => {
    const id = await suite.tenant.anException();
    await patch(id, { assignedTo: "kim" }).expect(200);
    const before = [await get(id), await historyOf(id), await suite.tenant.audit()];
    const answer = await patch(id, { assignedTo: " kim ", severity: "high", dueAt: null });
    expect(answer.status).toBe(200);
    expect([answer.body, await historyOf(id), await suite.tenant.audit()]).toEqual(before);
    await patch(id, {}).expect(400);
  });

  it.each(["exception_events", "audit_events"])(
    "is rolled back if %s cannot be written",
    async (table) => {
      for (const [action, send] of Object.entries(ACTIONS)) {
        const status = action === "reopen" ? "RESOLVED" : "OPEN";
        const id = await suite.tenant.anException({ status });
        const before = [await get(id), await historyOf(id), await suite.tenant.audit()];
        const answer = await withBrokenTable(suite.stage.testDatabase, table, async () => send(id));
        expect(answer.status).toBe(500);
        expect([await get(id), await historyOf(id), await suite.tenant.audit()]).toEqual(before);
        await send(id).expect(200);
      }
    },
  );

  it.each(Object.entries(ACTIONS))("honors If-Match: %s", async (action, send) => {
    const status = action === "reopen" ? "RESOLVED" : "OPEN";
    const id = await suite.tenant.anException({ status });
    const before = await get(id);
    for (const stale of ['"99"', 'W/"1"', "1"]) {
      const answer = await send(id).set("If-Match", stale).expect(412);
      expect(answer.body.code).toBe("precondition_failed");
    }
    expect(await get(id)).toEqual(before);
    await send(id).set("If-Match", '"1"').expect(200);
  });

  it("is made by one of several people who change the same version", async () => {
    const id = await suite.tenant.anException();
    const answers = await Promise.all(
      ["a", "b", "c"].map((assignedTo) => patch(id, { assignedTo }).set("If-Match", '"1"')),
    );
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(2);
  });

  it("is serialized with others, so that the history leads to the exception", async () => {
    const id = await suite.tenant.anException();
    const people = ["a", "b", "c", "d", "e", "f"];
    await Promise.all(people.map((assignedTo) => patch(id, { assignedTo }).expect(200)));
    const events = (await historyOf(id)).slice(1);
    const assignees = events.flatMap((event: { changes: { field: string }[] }) =>
      event.changes.filter(({ field }) => field === "assignedTo"),
    );
    expect(assignees.map(({ to }: { to: string }) => to).toSorted()).toEqual(people);
    for (const [n, { from }] of assignees.entries()) expect(from).toBe(assignees[n - 1]?.to);
    expect((await get(id)).assignedTo).toBe(assignees.at(-1).to);
  });

  it("requires exception:write", async () => {
    const id = await suite.tenant.anException();
    const tenant_id = suite.tenant.tenantId;
    const reader = suite.stage.caller({ tenant_id, permissions: ["exception:read"] });
    await reader.post(`/v1/exceptions/${id}/resolve`, RESOLUTION).expect(403);
    await reader.get(`/v1/exceptions/${id}/history`).expect(200);
    const writer = suite.stage.caller({ tenant_id, permissions: ["exception:write"] });
    await writer.post(`/v1/exceptions/${id}/resolve`, RESOLUTION).expect(200);
    await writer.get(`/v1/exceptions/${id}/history`).expect(403);
  });

  it("of another tenant's exception gets the response of an unknown ID", async () => {
    const theirs = await (await createTenant(suite.stage)).anException();
    const answersTo = async (id: string): Promise<string[]> => {
      const history = suite.tenant.send("get", `/v1/exceptions/${id}/history`);
      const requests = [...Object.values(ACTIONS).map((send) => send(id)), history];
      const answers = await Promise.all(
        requests.map((each) => each.set("X-Request-Id", "same").expect(404)),
      );
      return answers.map(({ text }) => text.replaceAll(id, "ID"));
    };
    expect(await answersTo(theirs)).toEqual(await answersTo(randomUUID()));
  });
});
