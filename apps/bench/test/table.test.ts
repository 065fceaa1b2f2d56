import { figureAtLeast, figureAtMost, median, percentile, table } from "../src/table.ts";

describe("median", () => {
  it("is the middle value in whatever order the values come", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([7])).toBe(7);
  });

  it("is the mean of the middle two values when their number is even", () => {
    expect(median([10, 9, 1, 2])).toBe(5.5);
  });
});

describe("percentile", () => {
  it("is the value that the given share of values does not exceed", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([4], 0.99)).toBe(4);
  });
});

describe("a figure", () => {
  it("says when it is over its maximum", () => {
    expect(figureAtMost(1.349, 2, 1.35)).toBe("1.35");
    expect(figureAtMost(1.41, 2, 1.35)).toBe("1.41 (over 1.35)");
    expect(figureAtMost(undefined, 2, 1.35)).toBe("n/a");
  });

  it("says when it is under its minimum", () => {
    expect(figureAtLeast(0.6, 2, 0.6)).toBe("0.60");
    expect(figureAtLeast(0.55, 2, 0.6)).toBe("0.55 (under 0.6)");
  });
});

describe("table", () => {
  it("aligns the first column to the left and the others to the right", () => {
    const rows = [
      ["call", "ratio"],
      ["GET", "0.7"],
      ["create", "12.25"],
    ];
    expect(table(rows)).toBe("  call    ratio\n  GET       0.7\n  create  12.25");
  });
});
