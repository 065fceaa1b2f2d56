import {
  formatAmount,
  formatBytes,
  formatDays,
  formatRelative,
  formatShare,
} from "../../src/ui/format.ts";

describe("formatAmount", () => {
  it.each([
    ["1234567.5", "EUR", "1,234,567.50"],
    ["-10036.17", "EUR", "\u221210,036.17"],
    ["5", "JPY", "5"],
    ["0.12345678", "USD", "0.12345678"],
    ["1.50000000", "EUR", "1.50"],
    ["100", "EUR", "100.00"],
    // A float has 17 digits at most.
    ["12345678901234567890.12345678", "EUR", "12,345,678,901,234,567,890.12345678"],
  ])("writes %s %s as %s", (amount, currency, text) => {
    expect(formatAmount(amount, currency)).toBe(text);
  });

  it("writes the amount of an unknown currency", () => {
    expect(formatAmount("1", "not a currency")).toBe("1.00");
  });
});

it("says 100 % only of all, and 0 % only of none", () => {
  expect([
    formatShare(1, 1),
    formatShare(99_999, 100_000),
    formatShare(1, 100_000),
    formatShare(0, 1),
  ]).toEqual(["100%", "> 99.9%", "< 0.1%", "0%"]);
});

it("says how far an instant is from now", () => {
  const now = Date.parse("2026-01-15T12:00:00Z");
  const relative = (instant: string): string => formatRelative(instant, now);
  expect(relative("2026-01-15T11:59:56.000Z")).toBe("just now");
  expect(relative("2026-01-15T09:00:00.000Z")).toBe("3 h ago");
  expect(relative("2026-01-21T13:00:00.000Z")).toBe("in 6 days");
});

it("writes days without a time zone", () => {
  expect(formatDays("2026-01-01", "2026-01-31")).toMatch(/^1\s?\u2013\s?31 Jan 2026$/);
});

it("writes bytes in decimal units", () => {
  expect([0, 999, 13_800, 881_400_000].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "13.8 kB",
    "881 MB",
  ]);
});
