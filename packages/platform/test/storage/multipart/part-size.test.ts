import { partSizeFor } from "../../../src/storage/multipart/part-size.ts";

const MIB = 1_048_576;

describe("the part size", () => {
  it.each([
    [0, 8 * MIB],
    [1, 8 * MIB],
    [5_000 * 8 * MIB, 8 * MIB],
    [5_000 * 8 * MIB + 1, 9 * MIB],
    [1e12, 191 * MIB],
  ])("for about %d bytes is %d", (estimate, size) => {
    expect(partSizeFor(estimate)).toBe(size);
  });

  it("is the minimum if the estimate is unknown", () => {
    expect(partSizeFor(NaN)).toBe(8 * MIB);
    expect(partSizeFor(-1)).toBe(8 * MIB);
  });
});
