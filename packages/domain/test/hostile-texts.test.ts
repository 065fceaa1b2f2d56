import { join } from "node:path";
import { targets } from "./hostile-targets.ts";
import { describeHostileTexts } from "@docket/testing/hostile-texts";

describe("hostile texts", () => {
  it("reach every schema, filter and kind of record that the domain exports", () => {
    expect(Object.keys(targets)).toEqual(
      expect.arrayContaining(["createDisputeRequest", "disputeFilters", "a record of exceptions"]),
    );
  });

  describeHostileTexts(targets, join(__dirname, "hostile-targets.ts"));
});
