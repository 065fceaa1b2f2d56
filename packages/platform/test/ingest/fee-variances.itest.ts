import { transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context } = ingestSuite((each) =>
  each.push("transactions", [
    transaction("A"),
    transaction("B"),
    transaction("A", { source: "Ledger" }),
  ]),
);

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

  it("are inserted, unchanged, and updated in part", async () => {
    expect(await context.push("fee-variances", [fee()])).toMatchObject({ inserted: 1 });
    expect(await context.push("fee-variances", [fee()])).toMatchObject({ unchanged: 1 });
    expect(await context.push("fee-variances", [{ externalId: "F", actual: "2" }])).toMatchObject({
      updated: 1,
    });
    expect(
      await context.push("fee-variances", [{ externalId: "F", transaction: "B" }]),
    ).toMatchObject({ updated: 1 });
    const rows = await context.ask(
      "SELECT trim_scale(actual)::text AS actual, t.external_id FROM fee_variances f JOIN transactions t ON t.id = f.transaction_id WHERE f.context_id = $1",
    );
    expect(rows).toEqual([{ actual: "2", external_id: "B" }]);
  });

  it("move to the same external ID of another source", async () => {
    await context.push("fee-variances", [fee()]);
    expect(
      await context.push("fee-variances", [{ externalId: "F", source: "Ledger" }]),
    ).toMatchObject({ updated: 1 });
    const rows = await context.ask(
      "SELECT f.source_id = t.source_id AS agree FROM fee_variances f JOIN transactions t ON t.id = f.transaction_id WHERE f.context_id = $1",
    );
    expect(rows).toEqual([{ agree: true }]);
  });

  it("need an existing transaction, need all fields when new, and must not be sent twice", async () => {
    const faults = await context.faultsOf("fee-variances", [
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
