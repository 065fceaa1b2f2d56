import { group, SEED, tx } from "./builders.ts";
import { createIngestStage, type Book } from "./support.ts";

const stage = createIngestStage();
let book: Book;

beforeEach(async () => {
  book = await stage.aBook();
  await book.push("transactions", SEED);
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
    expect(await book.items()).toEqual([{ group: "G", transaction: "A", amount: "60" }]);
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

  it("keep their transaction's currency", async () => {
    await book.push("match-groups", [group("G", { A: "60" })]);
    expect(await book.faultsOf("transactions", [tx("A", { currency: "USD" })])).toEqual([
      [1, "currency", expect.stringMatching(/must stay EUR/)],
    ]);
    await book.push("match-groups", [{ externalId: "G", status: "REVOKED" }]);
    expect(await book.push("transactions", [tx("A", { currency: "USD" })])).toMatchObject({
      updated: 1,
    });
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
