import { transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context } = ingestSuite();

describe("transactions", () => {
  it("are inserted with their defaults", async () => {
    const counts = await context.push("transactions", [
      transaction("A", { date: "2026-01-15T10:00:00+02:00" }),
      transaction("B", { status: "IGNORED" }),
    ]);
    expect(counts).toEqual({ received: 2, inserted: 2, updated: 0, unchanged: 0 });
    const rows = await context.ask(
      `SELECT t.external_id, trim_scale(amount)::text AS amount, currency, date, description, status, tenant_id, s.name AS source
       FROM transactions t JOIN sources s USING (tenant_id) WHERE t.context_id = $1 AND s.id = source_id ORDER BY external_id`,
    );
    expect(rows[0]).toEqual({
      external_id: "A",
      amount: "100",
      currency: "EUR",
      date: new Date("2026-01-15T08:00:00Z"),
      description: null,
      status: "UNMATCHED",
      tenant_id: context.tenantId,
      source: "Bank",
    });
    expect(rows[1]).toMatchObject({
      external_id: "B",
      date: new Date("2026-01-15T00:00:00Z"),
      status: "IGNORED",
    });
  });

  it("have consecutive UUIDv7 in the order of their dates", async () => {
    const dates = { A: "2026-01-03", B: "2026-01-01", C: "2026-01-02" };
    await context.push(
      "transactions",
      Object.entries(dates).map(([name, date]) => transaction(name, { date })),
    );
    const rows = await context.ask<{ external_id: string; id: string }>(
      "SELECT external_id, id FROM transactions WHERE context_id = $1 ORDER BY id",
    );
    expect(rows.map(({ external_id: name }) => name)).toEqual(["B", "C", "A"]);
    const [first, second, third] = rows.map(({ id }) => BigInt(`0x${id.replaceAll("-", "")}`));
    expect([second! - first!, third! - second!]).toEqual([1n, 1n]);
    expect(rows[0]!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[89ab]/);
    const time = Number.parseInt(rows[0]!.id.replaceAll("-", "").slice(0, 12), 16);
    expect(Math.abs(Date.now() - time)).toBeLessThan(60_000);
  });

  it("that are sent again keep even their updated_at", async () => {
    const records = [transaction("A"), transaction("B", { description: "rent" })];
    await context.push("transactions", records);
    const before = await context.ask(
      "SELECT id, updated_at, xmin FROM transactions WHERE context_id = $1 ORDER BY id",
    );
    expect(await context.push("transactions", records)).toEqual({
      received: 2,
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
    expect(
      await context.ask(
        "SELECT id, updated_at, xmin FROM transactions WHERE context_id = $1 ORDER BY id",
      ),
    ).toEqual(before);
  });

  it("keep the fields that an update omits or sets to null", async () => {
    await context.push("transactions", [
      transaction("A", { description: "rent" }),
      transaction("B"),
      transaction("C"),
    ]);
    const counts = await context.push("transactions", [
      { source: "Bank", externalId: "A", amount: "120.5" },
      { source: "Bank", externalId: "B", amount: null, description: "food" },
      { source: "Bank", externalId: "C", amount: "100.00" },
      transaction("D"),
    ]);
    expect(counts).toEqual({ received: 4, inserted: 1, updated: 2, unchanged: 1 });
    const [a, b] = await context.ask(
      "SELECT trim_scale(amount)::text AS amount, description, updated_at > created_at AS later FROM transactions WHERE context_id = $1 ORDER BY external_id",
    );
    expect(a).toEqual({ amount: "120.5", description: "rent", later: true });
    expect(b).toEqual({ amount: "100", description: "food", later: true });
  });

  it("keep a status mark until UNMATCHED removes it", async () => {
    await context.push("transactions", [transaction("A", { status: "PENDING_REVIEW" })]);
    await context.push("transactions", [{ source: "Bank", externalId: "A" }]);
    expect(await context.statuses()).toEqual({ A: "PENDING_REVIEW" });
    await context.push("transactions", [{ source: "Bank", externalId: "A", status: "UNMATCHED" }]);
    expect(await context.statuses()).toEqual({ A: "UNMATCHED" });
  });

  it("need amount, currency and date when new", async () => {
    await context.push("transactions", [transaction("A")]);
    const faults = await context.faultsOf("transactions", [
      { source: "Bank", externalId: "A" },
      { source: "Bank", externalId: "B", date: "2026-01-01" },
    ]);
    expect(faults).toEqual([
      [2, "amount", "is required in a new record"],
      [2, "currency", "is required in a new record"],
    ]);
  });

  it("must not be sent twice in one request, even if one names its source by ID", async () => {
    const [source] = await context.ask<{ id: string }>(
      "SELECT id FROM sources WHERE context_id = $1 AND name = 'Bank'",
    );
    const faults = await context.faultsOf("transactions", [
      transaction("A"),
      transaction("B"),
      transaction("A", { source: source?.id }),
      transaction("A", { source: "Ledger" }),
    ]);
    expect(faults).toEqual([
      [3, "externalId", expect.stringContaining("same record as on line 1")],
    ]);
  });

  it("are not written if one line is at fault", async () => {
    await context.faultsOf("transactions", [transaction("A"), transaction("B", { amount: 5 })]);
    expect(await context.statuses()).toEqual({});
  });

  it("report the faults of the checks and of the database together, by line", async () => {
    const faults = await context.faultsOf("transactions", [
      { source: "Bank", externalId: "A", date: "2026-01-01", currency: "EUR" },
      transaction("B", { amount: 5 }),
    ]);
    expect(faults.map(([line, field]) => [line, field])).toEqual([
      [1, "amount"],
      [2, "amount"],
    ]);
  });

  it("report at most 100 faults", async () => {
    const records = Array.from({ length: 250 }, (_, index) => ({
      source: "Bank",
      externalId: `A${index}`,
    }));
    expect(await context.faultsOf("transactions", records)).toHaveLength(100);
  });

  it("may be none at all", async () => {
    expect(await context.push("transactions", [])).toEqual({
      received: 0,
      inserted: 0,
      updated: 0,
      unchanged: 0,
    });
  });
});
