import { parseInstant } from "../../src/record/instant.ts";

describe("an instant", () => {
  test.each([
    ["2026-01-15", "2026-01-15"],
    ["2024-02-29", "2024-02-29"],
    ["2026-01-15T10:30:00Z", "2026-01-15 10:30:00Z"],
    ["2026-01-15t10:30:00z", "2026-01-15 10:30:00Z"],
    ["2026-01-15T10:30:00.5+02:00", "2026-01-15 10:30:00.5+02:00"],
    ["2026-01-15T10:30:00-00:00", "2026-01-15 10:30:00-00:00"],
    ["0001-01-01T05:00:00+05:00", "0001-01-01 05:00:00+05:00"],
    ["9999-12-31T21:59:59-02:00", "9999-12-31 21:59:59-02:00"],
  ])("%s is parsed", (given, expected) => {
    expect(parseInstant(given)).toBe(expected);
  });

  it("is truncated to milliseconds, not rounded into the next day", () => {
    expect(parseInstant("2026-12-31T23:59:59.999999Z")).toBe("2026-12-31 23:59:59.999Z");
  });

  it("may have 200 decimals of a second, but no more than 255 characters", () => {
    const withDecimals = (count: number): string => `2026-01-15T10:30:00.${"1".repeat(count)}Z`;
    expect(parseInstant(withDecimals(200))).toBe("2026-01-15 10:30:00.111Z");
    expect(parseInstant(withDecimals(234))).toBeDefined();
    expect(parseInstant(withDecimals(235))).toBeUndefined();
  });

  test.each([
    "",
    "2026-02-29",
    "2026-13-01",
    "2026-1-5",
    "0000-01-01",
    "10000-01-01",
    "15.01.2026",
    "2026-01-15 10:30:00Z",
    "2026-01-15T10:30:00",
    "2026-01-15T10:30Z",
    "2026-01-15T24:00:00Z",
    "2026-01-15T10:60:00Z",
    "2026-06-30T23:59:60Z",
    "2026-01-15T10:30:00+16:00",
    "2026-01-15T10:30:00+0200",
    "2026-01-15T10:30:00.Z",
    "2026-01-15T10:30:00Z\n",
    "infinity",
    "now",
    "0001-01-01T04:59:59+05:00",
    "9999-12-31T22:00:00-02:00",
  ])("%j is rejected", (given) => {
    expect(parseInstant(given)).toBeUndefined();
  });
});
