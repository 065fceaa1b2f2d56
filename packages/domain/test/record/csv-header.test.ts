import { checkCsvHeader, csvColumns } from "../../src/index.ts";

const faultsOf = (header: readonly string[]): string[] => {
  const faults: string[] = [];
  checkCsvHeader("transactions", header, (field) => faults.push(field));
  return faults;
};

describe("a CSV header", () => {
  it("has the fields of the kind and of its items", () => {
    expect(csvColumns("match-groups")).toEqual([
      "externalId",
      "status",
      "rule",
      "confidence",
      "source",
      "transaction",
      "amount",
      "currency",
    ]);
  });

  it("may have its columns in any order and omit optional ones", () => {
    expect(faultsOf(["amount", "externalId", "source"])).toEqual([]);
  });

  it("must not have unknown, repeated or missing columns", () => {
    expect(faultsOf(["source", "Amount", "amount", "amount"])).toEqual([
      "Amount",
      "amount",
      "externalId",
    ]);
  });
});
