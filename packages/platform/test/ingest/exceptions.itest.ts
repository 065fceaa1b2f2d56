import { transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context } = ingestSuite((each) =>
  each.push("transactions", [transaction("A"), transaction("B")]),
);

describe("exceptions", () => {
  const exception = (changes: object = {}): object => ({
    source: "Bank",
    transaction: "A",
    severity: "HIGH",
    ...changes,
  });

  it("are identified by their transaction: inserted, unchanged, and updated in part", async () => {
    const createdAt = "2026-02-01T09:00:00Z";
    expect(
      await context.push("exceptions", [
        exception({ createdAt, reason: "no partner" }),
        exception({ transaction: "B" }),
      ]),
    ).toMatchObject({
      inserted: 2,
    });
    expect(await context.push("exceptions", [exception({ createdAt })])).toMatchObject({
      unchanged: 1,
    });
    expect(
      await context.push("exceptions", [
        { source: "Bank", transaction: "A", status: "assigned", assignedTo: "kim" },
      ]),
    ).toMatchObject({
      updated: 1,
    });
    const rows = await context.ask(
      `SELECT severity, status, reason, assigned_to, created_at FROM exceptions WHERE context_id = $1 ORDER BY created_at`,
    );
    expect(rows[0]).toEqual({
      severity: "HIGH",
      status: "ASSIGNED",
      reason: "no partner",
      assigned_to: "kim",
      created_at: new Date(createdAt),
    });
    expect(rows[1]).toMatchObject({ status: "OPEN", reason: null });
  });

  it("need an existing transaction, need a severity when new, and must not be sent twice", async () => {
    const faults = await context.faultsOf("exceptions", [
      exception({ transaction: "none" }),
      { source: "Bank", transaction: "A" },
      exception({ transaction: "B" }),
      exception({ transaction: "B" }),
    ]);
    expect(faults.map(([line, field]) => [line, field])).toEqual([
      [1, "transaction"],
      [2, "severity"],
      [4, "transaction"],
    ]);
  });
});

describe("an exception that people have changed", () => {
  /** What a person has set, without the API. */
  const change = (set: string, fields: readonly string[]): Promise<unknown> =>
    context.ask(
      `UPDATE exceptions SET ${set}, version = version + 1, manual_events = manual_events + 1,
              manual_fields = '{${fields.join(",")}}' WHERE context_id = $1`,
    );
  const feed = (changes: object): Promise<unknown> =>
    context.push("exceptions", [{ source: "Bank", transaction: "A", ...changes }]);
  const row = async (): Promise<Record<string, unknown>> => {
    const [only = {}] = await context.ask("SELECT * FROM exceptions WHERE context_id = $1");
    return only;
  };
  const events = () =>
    context.ask<{ version: number; changes: object[] }>(
      `SELECT v.version, v.type, v.actor, v.changes FROM exception_events v
       JOIN exceptions e ON e.id = v.exception_id WHERE e.context_id = $1 ORDER BY v.version`,
    );

  beforeEach(() => feed({ severity: "HIGH", assignedTo: "feed", reason: "no partner" }));

  it("keeps each field that a person has set, and follows the feed in the others", async () => {
    const set = "assigned_to = 'kim', due_at = NULL, severity = 'LOW', status = 'ASSIGNED'";
    await change(set, ["assignedTo", "dueAt", "severity"]);
    await feed({
      severity: "CRITICAL",
      assignedTo: "feed",
      dueAt: "2026-05-01T00:00:00Z",
      reason: "two partners",
      status: "OPEN",
    });
    expect(await row()).toMatchObject({
      severity: "LOW",
      assigned_to: "kim",
      due_at: null,
      // It has an assignee, whom a person has set.
      status: "ASSIGNED",
      reason: "two partners",
      version: 3,
    });
    await feed({ status: "PENDING_RESOLUTION" });
    expect(await row()).toMatchObject({ status: "PENDING_RESOLUTION", version: 4 });
    expect(await events()).toEqual([
      {
        version: 3,
        type: "updated",
        actor: "ingest",
        changes: [{ field: "reason", from: "no partner", to: "two partners" }],
      },
      {
        version: 4,
        type: "updated",
        actor: "ingest",
        changes: [{ field: "status", from: "ASSIGNED", to: "PENDING_RESOLUTION" }],
      },
    ]);
  });

  it("keeps the status and the resolution that a person has set", async () => {
    const set =
      "status = 'RESOLVED', resolution_type = 'FEE', resolved_at = '2026-03-01T00:00:00Z'";
    await change(set, ["status"]);
    await feed({
      status: "OPEN",
      resolutionType: "REFUND",
      resolutionNotes: "n",
      dueAt: "2026-05-01",
    });
    expect(await row()).toMatchObject({
      status: "RESOLVED",
      resolution_type: "FEE",
      resolution_notes: null,
      resolved_at: new Date("2026-03-01T00:00:00Z"),
    });
    expect((await events()).map(({ changes }) => changes)).toEqual([
      [{ field: "dueAt", to: "2026-05-01T00:00:00.000Z" }],
    ]);
  });

  it("is not written when the feed changes only what people have set", async () => {
    await change("severity = 'LOW'", ["severity"]);
    const before = await row();
    await feed({ severity: "CRITICAL" });
    expect(await row()).toEqual(before);
  });
});

describe("a change by an ingest", () => {
  const feed = (changes: object): Promise<unknown> =>
    context.push("exceptions", [{ source: "Bank", transaction: "A", ...changes }]);
  const row = async () => {
    const [only] = await context.ask<{
      version: number;
      resolved_at: Date | null;
      updated_at: Date;
    }>("SELECT version, resolved_at, updated_at FROM exceptions WHERE context_id = $1");
    return only!;
  };

  it("raises the version, makes no event, and sets when the exception was resolved", async () => {
    await feed({ severity: "HIGH" });
    expect(await row()).toMatchObject({ version: 1, resolved_at: null });
    await feed({ status: "RESOLVED" });
    const resolved = await row();
    expect(resolved).toMatchObject({ version: 2, resolved_at: resolved.updated_at });
    await feed({ reason: "late" });
    expect(await row()).toMatchObject({ version: 3, resolved_at: resolved.resolved_at });
    await feed({ status: "OPEN" });
    expect(await row()).toMatchObject({ version: 4, resolved_at: null });
    expect(
      await context.ask(
        "SELECT 1 FROM exception_events WHERE tenant_id = (SELECT tenant_id FROM contexts WHERE id = $1)",
      ),
    ).toEqual([]);
  });

  it("keeps the instant of a resolution by the previous release, which did not store it", async () => {
    await feed({ severity: "HIGH", status: "RESOLVED" });
    await context.ask("UPDATE exceptions SET resolved_at = NULL WHERE context_id = $1");
    const before = await row();
    await feed({ reason: "late" });
    expect((await row()).resolved_at).toEqual(before.updated_at);
  });
});
