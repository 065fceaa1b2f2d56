import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@docket/platform/testing";
import {
  contextSources,
  createDatabase,
  withTenant,
  type Database,
} from "../../src/database/index.ts";
import { aBook, tx, type Book } from "./ingest-support.ts";

let test: TestDatabase;
let database: Database;
let book: Book;

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({
    url: test.appUrl,
    poolSize: 8,
    applicationName: "test",
    statementTimeoutMs: 10_000,
  });
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

beforeEach(async () => {
  book = await aBook(database, test.superuserUrl);
});

const sizes = (): Promise<{ transactions: string; exceptions: string; fees: string }[]> =>
  book.ask(`SELECT (SELECT count(*) FROM transactions WHERE context_id = $1) AS transactions,
                   (SELECT count(*) FROM exceptions WHERE context_id = $1) AS exceptions,
                   (SELECT count(*) FROM fee_variances WHERE context_id = $1) AS fees`);

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

  it("that come again change nothing, not even their time", async () => {
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

  it("keep what an update leaves out or nulls", async () => {
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

  it("take a mark, and give it back", async () => {
    await book.push("transactions", [tx("A", { status: "PENDING_REVIEW" })]);
    await book.push("transactions", [{ source: "Bank", externalId: "A" }]);
    expect(await book.statuses()).toEqual({ A: "PENDING_REVIEW" });
    await book.push("transactions", [{ source: "Bank", externalId: "A", status: "UNMATCHED" }]);
    expect(await book.statuses()).toEqual({ A: "UNMATCHED" });
  });

  it("that are new need amount, currency and date", async () => {
    await book.push("transactions", [tx("A")]);
    const faults = await book.faultsOf("transactions", [
      { source: "Bank", externalId: "A" },
      { source: "Bank", externalId: "B", date: "2026-01-01" },
    ]);
    expect(faults).toEqual([
      [2, "amount", "is required: this record is not there yet"],
      [2, "currency", "is required: this record is not there yet"],
    ]);
  });

  it("must not come twice in one request, also when one names its source by id", async () => {
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

  it("leave nothing behind when one line is at fault", async () => {
    await book.faultsOf("transactions", [tx("A"), tx("B", { amount: 5 })]);
    expect(await sizes()).toEqual([{ transactions: "0", exceptions: "0", fees: "0" }]);
  });

  it("have their faults told together, those of the form and those of the database, by line", async () => {
    const faults = await book.faultsOf("transactions", [
      { source: "Bank", externalId: "A", date: "2026-01-01", currency: "EUR" },
      tx("B", { amount: 5 }),
    ]);
    expect(faults.map(([line, field]) => [line, field])).toEqual([
      [1, "amount"],
      [2, "amount"],
    ]);
  });

  it("are a hundred faults at most", async () => {
    const records = Array.from({ length: 250 }, (_, index) => ({
      source: "Bank",
      externalId: `A${index}`,
    }));
    expect(await book.faultsOf("transactions", records)).toHaveLength(100);
  });

  it("of an empty body are none", async () => {
    expect(await book.push("transactions", [])).toEqual({
      received: 0,
      inserted: 0,
      updated: 0,
      unchanged: 0,
    });
  });
});

describe("fee variances", () => {
  const fee = (changes: object = {}): object => ({
    externalId: "F",
    source: "Bank",
    transaction: "A",
    feeScheduleId: "std",
    feeScheduleName: "Standard",
    currency: "EUR",
    expected: "1.00",
    actual: "1.10",
    ...changes,
  });

  beforeEach(async () => {
    await book.push("transactions", [tx("A"), tx("B"), tx("A", { source: "Ledger" })]);
  });

  it("are inserted, found again and updated in part", async () => {
    expect(await book.push("fee-variances", [fee()])).toMatchObject({ inserted: 1 });
    expect(await book.push("fee-variances", [fee()])).toMatchObject({ unchanged: 1 });
    expect(await book.push("fee-variances", [{ externalId: "F", actual: "2" }])).toMatchObject({
      updated: 1,
    });
    expect(await book.push("fee-variances", [{ externalId: "F", transaction: "B" }])).toMatchObject(
      { updated: 1 },
    );
    const rows = await book.ask(
      "SELECT trim_scale(actual)::text AS actual, t.external_id FROM fee_variances f JOIN transactions t ON t.id = f.transaction_id WHERE f.context_id = $1",
    );
    expect(rows).toEqual([{ actual: "2", external_id: "B" }]);
  });

  it("move to another source together with their transaction", async () => {
    await book.push("fee-variances", [fee()]);
    expect(await book.push("fee-variances", [{ externalId: "F", source: "Ledger" }])).toMatchObject(
      { updated: 1 },
    );
    const rows = await book.ask(
      "SELECT f.source_id = t.source_id AS agree FROM fee_variances f JOIN transactions t ON t.id = f.transaction_id WHERE f.context_id = $1",
    );
    expect(rows).toEqual([{ agree: true }]);
  });

  it("need their transaction, all fields when new, and a key of their own", async () => {
    const faults = await book.faultsOf("fee-variances", [
      fee({ transaction: "none" }),
      { externalId: "G", expected: "1", actual: "1", source: "Bank", transaction: "A" },
      fee({ externalId: "G" }),
    ]);
    expect(faults.map(([line, field]) => [line, field])).toEqual([
      [1, "transaction"],
      [2, "feeScheduleId"],
      [2, "feeScheduleName"],
      [2, "currency"],
      [3, "externalId"],
    ]);
  });
});

describe("exceptions", () => {
  const exception = (changes: object = {}): object => ({
    source: "Bank",
    transaction: "A",
    severity: "HIGH",
    ...changes,
  });

  beforeEach(async () => {
    await book.push("transactions", [tx("A"), tx("B")]);
  });

  it("are one a transaction: inserted, found again, updated in part", async () => {
    const createdAt = "2026-02-01T09:00:00Z";
    expect(
      await book.push("exceptions", [
        exception({ createdAt, reason: "no partner" }),
        exception({ transaction: "B" }),
      ]),
    ).toMatchObject({
      inserted: 2,
    });
    expect(await book.push("exceptions", [exception({ createdAt })])).toMatchObject({
      unchanged: 1,
    });
    expect(
      await book.push("exceptions", [
        { source: "Bank", transaction: "A", status: "assigned", assignedTo: "kim" },
      ]),
    ).toMatchObject({
      updated: 1,
    });
    const rows = await book.ask(
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

  it("need their transaction, a severity when new, and come once", async () => {
    const faults = await book.faultsOf("exceptions", [
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

describe("another tenant's context", () => {
  it("has no sources to be named: it is not there", async () => {
    expect(
      await withTenant(randomUUID(), () => contextSources(database.pool, book.contextId)),
    ).toBeUndefined();
    expect(
      await withTenant(book.tenantId, () => contextSources(database.pool, book.contextId)),
    ).toBeDefined();
  });
});
