import fc from "fast-check";
import { parseInstant, parseTimestamp } from "../../src/record/instant.ts";

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

describe("a timestamp in a request", () => {
  it.each([
    ["2026-01-15T10:30:00Z", "2026-01-15T10:30:00.000Z"],
    ["2026-01-15t10:30:00.5z", "2026-01-15T10:30:00.500Z"],
    ["2026-03-01T01:30:07.1239+02:00", "2026-02-28T23:30:07.123Z"],
    ["2025-12-31T23:59:59.99-15:59", "2026-01-01T15:58:59.990Z"],
    ["0001-01-01T15:59:00+15:59", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999-00:00", "9999-12-31T23:59:59.999Z"],
  ])("%s is %s", (text, utc) => {
    expect(parseTimestamp(text)).toBe(utc);
  });

  it("is converted as Date converts it", () => {
    const instants = fc.date({
      min: new Date("0001-01-02Z"),
      max: new Date("9999-12-30Z"),
      noInvalidDate: true,
    });
    const offset = fc.integer({ min: -959, max: 959 });
    fc.assert(
      fc.property(instants, offset, (instant, minutes) => {
        const local = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
        const two = (part: number): string => String(part).padStart(2, "0");
        const text = `${local}${minutes < 0 ? "-" : "+"}${two(hours)}:${two(rest)}`;
        expect(parseTimestamp(text)).toBe(instant.toISOString());
      }),
    );
  });

  it.each([
    "2026-01-15",
    "2026-01-15T10:30:00",
    "2026-02-30T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
  ])("%s is refused", (text) => expect(parseTimestamp(text)).toBeUndefined());
});
