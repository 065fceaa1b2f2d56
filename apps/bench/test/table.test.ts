import { figure, figureOver, median, table } from "../src/table.ts";

test("the median is the middle one, whatever the order, and of an even number the mean of the middle two", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 9, 1, 2])).toBe(5.5);
  expect(median([7])).toBe(7);
});

test("a figure says when it misses its limit", () => {
  expect(figure(1.349, 2, 1.35)).toBe("1.35");
  expect(figure(1.41, 2, 1.35)).toBe("1.41 (over 1.35)");
  expect(figure(undefined, 2, 1.35)).toBe("n/a");
  expect(figureOver(0.6, 2, 0.6)).toBe("0.60");
  expect(figureOver(0.55, 2, 0.6)).toBe("0.55 (under 0.6)");
});

test("a table has its first column to the left and the others to the right", () => {
  const lines = [
    ["call", "ratio"],
    ["GET", "0.7"],
    ["create", "12.25"],
  ];
  expect(table(lines)).toBe("  call    ratio\n  GET       0.7\n  create  12.25");
});
