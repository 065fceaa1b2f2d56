import { group, SEED, transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context } = ingestSuite((each) => each.push("transactions", SEED));

describe("allocations", () => {
  it("are accepted up to the transaction's absolute amount", async () => {
    expect(
      await context.push("match-groups", [group("G", { B: "30" }), group("H", { B: "-20" })]),
    ).toMatchObject({ inserted: 2 });
  });

  it("beyond that amount are refused, within one request or across several", async () => {
    expect(
      await context.faultsOf("match-groups", [
        group("G", { B: "30" }),
        group("H", { B: "-20.00000001" }),
      ]),
    ).toEqual([
      [
        2,
        "items.0.amount",
        expect.stringMatching(/allocate 50.00000001 of transaction "B", whose amount is 50 /),
      ],
    ]);
    await context.push("match-groups", [group("G", { A: "60" })]);
    expect(await context.faultsOf("match-groups", [group("H", { B: "1", A: "40.01" })])).toEqual([
      [
        1,
        "items.1.amount",
        expect.stringMatching(/allocate 100.01 of transaction "A", whose amount is 100 /),
      ],
    ]);
    expect(await context.items()).toEqual([{ group: "G", transaction: "A", amount: "60" }]);
  });

  it("of groups that are not confirmed do not count until the groups are confirmed", async () => {
    await context.push("match-groups", [
      group("G", { A: "60" }),
      group("H", { A: "60" }, { status: "PROPOSED" }),
    ]);
    const faults = await context.faultsOf("match-groups", [
      { externalId: "H", status: "CONFIRMED" },
    ]);
    expect(faults.map(([line, field]) => [line, field])).toEqual([[1, "items.amount"]]);
    const swapped = await context.push("match-groups", [
      { externalId: "H", status: "CONFIRMED" },
      { externalId: "G", status: "REVOKED" },
    ]);
    expect(swapped).toMatchObject({ updated: 2 });
  });

  it("prevent a change of the transaction's currency", async () => {
    await context.push("match-groups", [group("G", { A: "60" })]);
    expect(await context.faultsOf("transactions", [transaction("A", { currency: "USD" })])).toEqual(
      [[1, "currency", expect.stringMatching(/must stay EUR/)]],
    );
    await context.push("match-groups", [{ externalId: "G", status: "REVOKED" }]);
    expect(
      await context.push("transactions", [transaction("A", { currency: "USD" })]),
    ).toMatchObject({
      updated: 1,
    });
  });

  it("prevent a reduction of the transaction's amount below them", async () => {
    await context.push("match-groups", [group("G", { A: "60" })]);
    expect(
      await context.faultsOf("transactions", [
        transaction("B"),
        transaction("A", { amount: "59.99" }),
      ]),
    ).toEqual([[2, "amount", expect.stringMatching(/at least 60/)]]);
    expect(await context.push("transactions", [transaction("A", { amount: "-60" })])).toMatchObject(
      {
        updated: 1,
      },
    );
  });
});
