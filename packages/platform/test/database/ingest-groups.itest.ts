import { createTestDatabase, type TestDatabase } from "@docket/platform/testing";
import { createDatabase, type Database } from "../../src/database/index.ts";
import { aBook, group, tx, type Book } from "./ingest-support.ts";

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
  await book.push("transactions", [
    tx("A"),
    tx("B", { amount: "-50" }),
    tx("C", { status: "IGNORED" }),
    tx("D", { currency: "USD" }),
  ]);
});

const items = (): Promise<object[]> =>
  book.ask(
    `SELECT g.external_id AS group, t.external_id AS transaction, trim_scale(i.amount)::text AS amount
     FROM match_group_items i JOIN match_groups g ON g.id = i.match_group_id JOIN transactions t ON t.id = i.transaction_id
     WHERE g.context_id = $1 ORDER BY 1, 2`,
  );

describe("a match group", () => {
  it("that is confirmed makes its transactions MATCHED and takes all of them", async () => {
    const counts = await book.push("match-groups", [
      group("G", { A: undefined, B: undefined }, { rule: "exact", confidence: 99.5 }),
    ]);
    expect(counts).toEqual({ received: 1, inserted: 1, updated: 0, unchanged: 0 });
    expect(await book.statuses()).toEqual({
      A: "MATCHED",
      B: "MATCHED",
      C: "IGNORED",
      D: "UNMATCHED",
    });
    expect(await items()).toEqual([
      { group: "G", transaction: "A", amount: "100" },
      { group: "G", transaction: "B", amount: "-50" },
    ]);
  });

  it("that is proposed matches nothing, until it is confirmed", async () => {
    await book.push("match-groups", [
      group("G", { A: undefined, C: undefined }, { status: "PROPOSED" }),
    ]);
    expect(await book.statuses()).toMatchObject({ A: "UNMATCHED", C: "IGNORED" });
    expect(
      await book.push("match-groups", [{ externalId: "G", status: "CONFIRMED" }]),
    ).toMatchObject({ updated: 1 });
    expect(await book.statuses()).toMatchObject({ A: "MATCHED", C: "MATCHED" });
  });

  it.each(["REJECTED", "REVOKED"])(
    "that is %s lets go of what no other confirmed group has",
    async (status) => {
      await book.push("match-groups", [
        group("G", { A: "60", B: undefined }),
        group("H", { A: "40" }),
      ]);
      await book.push("match-groups", [{ externalId: "G", status }]);
      expect(await book.statuses()).toMatchObject({ A: "MATCHED", B: "UNMATCHED" });
      await book.push("match-groups", [{ externalId: "H", status }]);
      expect(await book.statuses()).toMatchObject({ A: "UNMATCHED", B: "UNMATCHED" });
    },
  );

  it("gets the list that is sent: items go, come and change", async () => {
    await book.push("match-groups", [group("G", { A: "60", B: undefined })]);
    expect(await book.push("match-groups", [group("G", { A: "70", C: undefined })])).toMatchObject({
      updated: 1,
    });
    expect(await items()).toEqual([
      { group: "G", transaction: "A", amount: "70" },
      { group: "G", transaction: "C", amount: "100" },
    ]);
    expect(await book.statuses()).toMatchObject({ A: "MATCHED", B: "UNMATCHED", C: "MATCHED" });
  });

  it("that comes again changes nothing", async () => {
    const records = [
      group("G", { A: "60", B: undefined }, { confidence: 80 }),
      group("H", { A: "40" }),
    ];
    await book.push("match-groups", records);
    const state = () =>
      book.ask(
        "SELECT g.xmin AS g, t.xmin AS t FROM match_groups g, transactions t WHERE g.context_id = $1 AND t.context_id = $1 ORDER BY g.id, t.id",
      );
    const before = await state();
    expect(await book.push("match-groups", records)).toEqual({
      received: 2,
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
    expect(await state()).toEqual(before);
  });

  it("wins over a mark, which a transaction that is matched does not take", async () => {
    await book.push("match-groups", [group("G", { A: undefined })]);
    const counts = await book.push("transactions", [
      { source: "Bank", externalId: "A", status: "IGNORED" },
    ]);
    expect(counts).toMatchObject({ unchanged: 1 });
    await book.push("transactions", [{ source: "Bank", externalId: "A", status: "UNMATCHED" }]);
    expect(await book.statuses()).toMatchObject({ A: "MATCHED" });
  });

  it("is refused for what only the database can tell, and then nothing is written", async () => {
    const faults = await book.faultsOf("match-groups", [
      group("G", { A: undefined, none: undefined }),
      { externalId: "H" },
      { externalId: "I", items: [{ source: "Bank", transaction: "D", currency: "EUR" }] },
      {
        externalId: "J",
        items: [
          { source: "Bank", transaction: "A", amount: "1" },
          { source: "Bank", transaction: "A", amount: "2" },
        ],
      },
      group("K", { A: "1" }),
      group("K", { B: "1" }),
    ]);
    expect(faults).toEqual([
      [
        1,
        "items.1.transaction",
        '"none" is no transaction of this source; send the transaction first',
      ],
      [2, "items", "is required: this match group is not there yet"],
      [3, "items.0.currency", "must be that of the transaction, USD; amounts are not converted"],
      [4, "items.1.transaction", '"A" stands twice in this match group; add the amounts up'],
      [6, "externalId", expect.stringContaining("same record as on line 5")],
    ]);
    expect(await items()).toEqual([]);
    expect(await book.statuses()).toMatchObject({ A: "UNMATCHED" });
  });
});

describe("allocations", () => {
  it("up to the amount of the transaction are taken, whatever their signs", async () => {
    expect(
      await book.push("match-groups", [group("G", { B: "30" }), group("H", { B: "-20" })]),
    ).toMatchObject({ inserted: 2 });
  });

  it("beyond it are refused, in one request or over several", async () => {
    expect(
      await book.faultsOf("match-groups", [
        group("G", { B: "30" }),
        group("H", { B: "-20.00000001" }),
      ]),
    ).toEqual([
      [
        2,
        "items.0.amount",
        expect.stringMatching(/take 50.00000001 of the 50 that transaction "B" has/),
      ],
    ]);
    await book.push("match-groups", [group("G", { A: "60" })]);
    expect(await book.faultsOf("match-groups", [group("H", { B: "1", A: "40.01" })])).toEqual([
      [1, "items.1.amount", expect.stringMatching(/100.01 of the 100/)],
    ]);
    expect(await items()).toEqual([{ group: "G", transaction: "A", amount: "60" }]);
  });

  it("of groups that are not confirmed do not count, until they are", async () => {
    await book.push("match-groups", [
      group("G", { A: "60" }),
      group("H", { A: "60" }, { status: "PROPOSED" }),
    ]);
    const faults = await book.faultsOf("match-groups", [{ externalId: "H", status: "CONFIRMED" }]);
    expect(faults.map(([line, field]) => [line, field])).toEqual([[1, "items.amount"]]);
    const swapped = await book.push("match-groups", [
      { externalId: "H", status: "CONFIRMED" },
      { externalId: "G", status: "REVOKED" },
    ]);
    expect(swapped).toMatchObject({ updated: 2 });
  });

  it("keep their transaction's amount from falling below them", async () => {
    await book.push("match-groups", [group("G", { A: "60" })]);
    expect(await book.faultsOf("transactions", [tx("B"), tx("A", { amount: "59.99" })])).toEqual([
      [2, "amount", expect.stringMatching(/at least 60/)],
    ]);
    expect(await book.push("transactions", [tx("A", { amount: "-60" })])).toMatchObject({
      updated: 1,
    });
  });
});

describe("a CSV's match group", () => {
  const line = (externalId: string, transaction: string | null, changes: object = {}): object => ({
    externalId,
    source: transaction === null ? null : "Bank",
    transaction,
    ...changes,
  });

  it("has one line an item and counts as one", async () => {
    const lines = [
      line("G", "A", { rule: "exact", confidence: "90" }),
      line("H", "C"),
      line("G", "B", { amount: "50" }),
    ];
    expect(await book.pushCells("match-groups", lines)).toEqual({
      received: 2,
      inserted: 2,
      updated: 0,
      unchanged: 0,
    });
    expect(await items()).toHaveLength(3);
    expect(await book.pushCells("match-groups", lines)).toMatchObject({ unchanged: 2 });
    expect(
      await book.pushCells("match-groups", [line("G", null, { status: "REVOKED" })]),
    ).toMatchObject({ updated: 1 });
    expect(await book.statuses()).toMatchObject({ A: "UNMATCHED", B: "UNMATCHED", C: "MATCHED" });
  });

  it("must not contradict itself", async () => {
    const refused = book.pushCells("match-groups", [
      line("G", "A", { rule: "exact" }),
      line("G", "B", { rule: "fuzzy" }),
      line("G", "A"),
    ]);
    await expect(refused).rejects.toMatchObject({
      code: "invalid_records",
      lines: [
        { line: 2, field: "rule" },
        { line: 3, field: "transaction" },
      ],
    });
  });
});
