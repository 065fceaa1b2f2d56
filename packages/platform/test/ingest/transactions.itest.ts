import { tx } from "./builders.ts";
import { createIngestStage, type Book } from "./support.ts";

const stage = createIngestStage();
let book: Book;

beforeEach(async () => {
  book = await stage.aBook();
});

describe("transactions", () => {
  it("are inserted with their defaults", async () => {
    const counts = await book.push("transactions", [
      tx("A", { date: "2026-01-15T10:00:00+02:00" }),
      tx("B", { status: "IGNORED" }),
    ]);
    expect(counts).toEqual({ received: 2, inserted: 2, updated: 0, unchanged: 0 });
    const rows = await book.ask(
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
      tenant_id: book.tenantId,
      source: "Bank",
    });
    expect(rows[1]).toMatchObject({
      external_id: "B",
      date: new Date("2026-01-15T00:00:00Z"),
      status: "IGNORED",
    });
  });

  it("that are sent again keep even their updated_at", async () => {
    const records = [tx("A"), tx("B", { description: "rent" })];
    await book.push("transactions", records);
    const before = await book.ask(
      "SELECT id, updated_at, xmin FROM transactions WHERE context_id = $1 ORDER BY id",
    );
    expect(await book.push("transactions", records)).toEqual({
      received: 2,
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
    expect(
      await book.ask(
        "SELECT id, updated_at, xmin FROM transactions WHERE context_id = $1 ORDER BY id",
      ),
    ).toEqual(before);
  });

  it("keep the fields that an update omits or sets to null", async () => {
    await book.push("transactions", [tx("A", { description: "rent" }), tx("B"), tx("C")]);
    const counts = await book.push("transactions", [
      { source: "Bank", externalId: "A", amount: "120.5" },
      { source: "Bank", externalId: "B", amount: null, description: "food" },
      { source: "Bank", externalId: "C", amount: "100.00" },
      tx("D"),
    ]);
    expect(counts).toEqual({ received: 4, inserted: 1, updated: 2, unchanged: 1 });
    const [a, b] = await book.ask(
      "SELECT trim_scale(amount)::text AS amount, description, updated_at > created_at AS later FROM transactions WHERE context_id = $1 ORDER BY external_id",
    );
    expect(a).toEqual({ amount: "120.5", description: "rent", later: true });
    expect(b).toEqual({ amount: "100", description: "food", later: true });
  });

  it("keep a status mark until UNMATCHED removes it", async () => {
    await book.push("transactions", [tx("A", { status: "PENDING_REVIEW" })]);
    await book.push("transactions", [{ source: "Bank", externalId: "A" }]);
    expect(await book.statuses()).toEqual({ A: "PENDING_REVIEW" });
    await book.push("transactions", [{ source: "Bank", externalId: "A", status: "UNMATCHED" }]);
    expect(await book.statuses()).toEqual({ A: "UNMATCHED" });
  });

  it("need amount, currency and date when new", async () => {
    await book.push("transactions", [tx("A")]);
    const faults = await book.faultsOf("transactions", [
      { source: "Bank", externalId: "A" },
      { source: "Bank", externalId: "B", date: "2026-01-01" },
    ]);
    expect(faults).toEqual([
      [2, "amount", "is required in a new record"],
      [2, "currency", "is required in a new record"],
    ]);
  });

  it("must not be sent twice in one request, even if one names its source by ID", async () => {
    const [source] = await book.ask<{ id: string }>(
      "SELECT id FROM sources WHERE context_id = $1 AND name = 'Bank'",
    );
    const faults = await book.faultsOf("transactions", [
      tx("A"),
      tx("B"),
      tx("A", { source: source?.id }),
      tx("A", { source: "Ledger" }),
    ]);
    expect(faults).toEqual([
      [3, "externalId", expect.stringContaining("same record as on line 1")],
    ]);
  });

  it("are not written if one line is at fault", async () => {
    await book.faultsOf("transactions", [tx("A"), tx("B", { amount: 5 })]);
    expect(await book.statuses()).toEqual({});
  });

  it("report the faults of the checks and of the database together, by line", async () => {
    const faults = await book.faultsOf("transactions", [
      { source: "Bank", externalId: "A", date: "2026-01-01", currency: "EUR" },
      tx("B", { amount: 5 }),
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
    expect(await book.faultsOf("transactions", records)).toHaveLength(100);
  });

  it("may be none at all", async () => {
    expect(await book.push("transactions", [])).toEqual({
      received: 0,
      inserted: 0,
      updated: 0,
      unchanged: 0,
    });
  });
});
