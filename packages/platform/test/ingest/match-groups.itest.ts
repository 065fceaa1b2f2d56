import { group, SEED } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context } = ingestSuite((each) => each.push("transactions", SEED));

describe("a match group", () => {
  it("that is confirmed makes its transactions MATCHED and allocates their whole amount by default", async () => {
    const counts = await context.push("match-groups", [
      group("G", { A: undefined, B: undefined }, { rule: "exact", confidence: 99.5 }),
    ]);
    expect(counts).toEqual({ received: 1, inserted: 1, updated: 0, unchanged: 0 });
    expect(await context.statuses()).toEqual({
      A: "MATCHED",
      B: "MATCHED",
      C: "IGNORED",
      D: "UNMATCHED",
    });
    expect(await context.items()).toEqual([
      { group: "G", transaction: "A", amount: "100" },
      { group: "G", transaction: "B", amount: "-50" },
    ]);
  });

  it("that is proposed matches nothing until it is confirmed", async () => {
    await context.push("match-groups", [
      group("G", { A: undefined, C: undefined }, { status: "PROPOSED" }),
    ]);
    expect(await context.statuses()).toMatchObject({ A: "UNMATCHED", C: "IGNORED" });
    expect(
      await context.push("match-groups", [{ externalId: "G", status: "CONFIRMED" }]),
    ).toMatchObject({ updated: 1 });
    expect(await context.statuses()).toMatchObject({ A: "MATCHED", C: "MATCHED" });
  });

  it.each(["REJECTED", "REVOKED"])(
    "that is %s unmatches the transactions that are in no other confirmed group",
    async (status) => {
      await context.push("match-groups", [
        group("G", { A: "60", B: undefined }),
        group("H", { A: "40" }),
      ]);
      await context.push("match-groups", [{ externalId: "G", status }]);
      expect(await context.statuses()).toMatchObject({ A: "MATCHED", B: "UNMATCHED" });
      await context.push("match-groups", [{ externalId: "H", status }]);
      expect(await context.statuses()).toMatchObject({ A: "UNMATCHED", B: "UNMATCHED" });
    },
  );

  it("has exactly the items that were sent last", async () => {
    await context.push("match-groups", [group("G", { A: "60", B: undefined })]);
    expect(
      await context.push("match-groups", [group("G", { A: "70", C: undefined })]),
    ).toMatchObject({
      updated: 1,
    });
    expect(await context.items()).toEqual([
      { group: "G", transaction: "A", amount: "70" },
      { group: "G", transaction: "C", amount: "100" },
    ]);
    expect(await context.statuses()).toMatchObject({ A: "MATCHED", B: "UNMATCHED", C: "MATCHED" });
  });

  it("that is sent again changes nothing", async () => {
    const records = [
      group("G", { A: "60", B: undefined }, { confidence: 80 }),
      group("H", { A: "40" }),
    ];
    await context.push("match-groups", records);
    const state = () =>
      context.ask(
        "SELECT g.xmin AS g, t.xmin AS t FROM match_groups g, transactions t WHERE g.context_id = $1 AND t.context_id = $1 ORDER BY g.id, t.id",
      );
    const before = await state();
    expect(await context.push("match-groups", records)).toEqual({
      received: 2,
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
    expect(await state()).toEqual(before);
  });

  it("makes its transactions ignore status marks", async () => {
    await context.push("match-groups", [group("G", { A: undefined })]);
    const counts = await context.push("transactions", [
      { source: "Bank", externalId: "A", status: "IGNORED" },
    ]);
    expect(counts).toMatchObject({ unchanged: 1 });
    await context.push("transactions", [{ source: "Bank", externalId: "A", status: "UNMATCHED" }]);
    expect(await context.statuses()).toMatchObject({ A: "MATCHED" });
  });

  it("is refused for faults that only the database can find, and then nothing is written", async () => {
    const faults = await context.faultsOf("match-groups", [
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
    expect(await context.items()).toEqual([]);
    expect(await context.statuses()).toMatchObject({ A: "UNMATCHED" });
  });
});
