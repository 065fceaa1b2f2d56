import { RECORD_KINDS, stagingColumns } from "../../src/index.ts";

describe("the staging columns of a kind", () => {
  it("are its fields in snake_case, with the ID of a source in place of its name", () => {
    expect(stagingColumns("exceptions").map(({ name }) => name)).toEqual([
      "source_id",
      "transaction",
      "severity",
      "status",
      "reason",
      "assigned_to",
      "due_at",
      "resolution_type",
      "resolution_notes",
      "created_at",
    ]);
  });

  it("of match groups are the group's fields, the item's path and the item's fields, which may be null", () => {
    const columns = stagingColumns("match-groups");
    expect(columns.map(({ name }) => name)).toEqual([
      "external_id",
      "status",
      "rule",
      "confidence",
      "path",
      "source_id",
      "transaction",
      "amount",
      "currency",
    ]);
    expect(columns.filter(({ required }) => required === "always").map(({ name }) => name)).toEqual(
      ["external_id"],
    );
  });

  it.each(RECORD_KINDS)("of %s have different names", (kind) => {
    const names = stagingColumns(kind).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
