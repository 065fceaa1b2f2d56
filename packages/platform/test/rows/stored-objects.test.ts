import {
  decodeOwner,
  encodeOwner,
  UPLOAD_ABANDONED_AFTER_MS,
  UPLOAD_DEADLINE_MS,
  type ObjectOwner,
} from "../../src/rows/stored-objects.ts";

describe("the owner of a stored object", () => {
  it.each([
    [{ kind: "export-job", id: "1" }, "export_job:1"],
    [{ kind: "evidence", id: "2" }, "evidence:2"],
    [{ kind: "orphan", id: "3" }, "orphan:3"],
  ] satisfies [ObjectOwner, string][])("%j is stored as %s", (owner, text) => {
    expect(encodeOwner(owner)).toBe(text);
    expect(decodeOwner(text)).toEqual(owner);
  });

  it.each(["report:4", "evidence", "toString:5", ""])("%j has no known kind", (text) => {
    expect(decodeOwner(text)).toBeUndefined();
  });
});

describe("an upload", () => {
  // A commit waits for up to a minute for its dispute, as long for a query permit, and 10 s for a connection.
  it("must end at least three minutes before the sweeper gives its object up", () => {
    expect(UPLOAD_ABANDONED_AFTER_MS - UPLOAD_DEADLINE_MS).toBeGreaterThanOrEqual(180_000);
  });
});
