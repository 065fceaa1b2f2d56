import { group, SEED } from "./builders.ts";
import { createIngestStage, type Book } from "./support.ts";

const stage = createIngestStage();
let book: Book;

beforeEach(async () => {
  book = await stage.aBook();
  await book.push("transactions", SEED);
});

describe("a match group", () => {
  it("that is confirmed makes its transactions MATCHED and allocates their whole amount by default", async () => {
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
    expect(await book.items()).toEqual([
      { group: "G", transaction: "A", amount: "100" },
      { group: "G", transaction: "B", amount: "-50" },
    ]);
  });

  it("that is proposed matches nothing until it is confirmed", async () => {
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
    "that is %s unmatches the transactions that are in no other confirmed group",
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

  it("has exactly the items that were sent last", async () => {
    await book.push("match-groups", [group("G", { A: "60", B: undefined })]);
    expect(await book.push("match-groups", [group("G", { A: "70", C: undefined })])).toMatchObject({
      updated: 1,
    });
    expect(await book.items()).toEqual([
      { group: "G", transaction: "A", amount: "70" },
      { group: "G", transaction: "C", amount: "100" },
    ]);
    expect(await book.statuses()).toMatchObject({ A: "MATCHED", B: "UNMATCHED", C: "MATCHED" });
  });

  it("that is sent again changes nothing", async () => {
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

  it("makes its transactions ignore status marks", async () => {
    await book.push("match-groups", [group("G", { A: undefined })]);
    const counts = await book.push("transactions", [
      { source: "Bank", externalId: "A", status: "IGNORED" },
    ]);
    expect(counts).toMatchObject({ unchanged: 1 });
    await book.push("transactions", [{ source: "Bank", externalId: "A", status: "UNMATCHED" }]);
    expect(await book.statuses()).toMatchObject({ A: "MATCHED" });
  });

  it("is refused for faults that only the database can find, and then nothing is written", async () => {
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
        '"none" is not a transaction of this source; send the transaction first',
      ],
      [2, "items", "is required in a new match group"],
      [
        3,
        "items.0.currency",
        "must be the currency of the transaction, USD; amounts are not converted",
      ],
      [
        4,
        "items.1.transaction",
        '"A" occurs twice in this match group; send it once, with the total amount',
      ],
      [6, "externalId", expect.stringContaining("same record as on line 5")],
    ]);
    expect(await book.items()).toEqual([]);
    expect(await book.statuses()).toMatchObject({ A: "UNMATCHED" });
  });
});
