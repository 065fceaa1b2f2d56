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
