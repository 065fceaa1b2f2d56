import { partSizeFor } from "../../../src/storage/multipart/part-size.ts";

const MIB = 1_048_576;

describe("the part size", () => {
  it.each([
    [0, 5 * MIB],
    [1, 5 * MIB],
    [5_000 * 5 * MIB, 5 * MIB],
    [5_000 * 5 * MIB + 1, 6 * MIB],
    [1e12, 191 * MIB],
  ])("for about %d bytes is %d", (estimate, size) => {
    expect(partSizeFor(estimate)).toBe(size);
  });

  it("is the minimum if the estimate is unknown", () => {
    expect(partSizeFor(NaN)).toBe(5 * MIB);
    expect(partSizeFor(-1)).toBe(5 * MIB);
  });
});
