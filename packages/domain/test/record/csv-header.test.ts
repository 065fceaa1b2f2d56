import { checkCsvHeader, csvColumns } from "../../src/index.ts";

const faultsOf = (header: readonly string[]): string[] => {
  const faults: string[] = [];
  checkCsvHeader("transactions", header, (field) => faults.push(field));
  return faults;
};

describe("the header of a CSV", () => {
  it("names the fields of its kind, the items' among them", () => {
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

  it("may come in any order and leave out what is optional", () => {
    expect(faultsOf(["amount", "externalId", "source"])).toEqual([]);
  });

  it("is refused for unknown, repeated and lacking columns", () => {
    expect(faultsOf(["source", "Amount", "amount", "amount"])).toEqual([
      "Amount",
      "amount",
      "externalId",
    ]);
  });
});
