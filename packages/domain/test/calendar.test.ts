import fc from "fast-check";
import { addDays, dayNumber, isDay } from "../src/calendar.ts";

/** Days of the years 0001 to 9999, made by `Date`, which is the independent reference. */
const days = fc
  .integer({ min: Date.UTC(2000, 0, 1) - 1_999 * 365.25 * 86_400_000, max: Date.UTC(9999, 11, 31) })
  .map((instant) => new Date(instant).toISOString().slice(0, 10))
  .filter((day) => day.length === 10);

const addWithDate = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);

describe("a day", () => {
  it.each(["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2026-04-30"])(
    "exists: %s",
    (day) => {
      expect(isDay(day)).toBe(true);
    },
  );

  it.each([
    "2023-02-29",
    "1900-02-29",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "0000-01-01",
    "2026-1-1",
    "20260101",
    "2026-01-01T00:00:00Z",
    " 2026-01-01",
    "",
  ])("does not exist: %j", (day) => {
    expect(isDay(day)).toBe(false);
  });

  it("plus a number of days equals the result of Date", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -400, max: 400 }), (day, count) => {
        const expected = addWithDate(day, count);
        fc.pre(isDay(expected));
        expect(addDays(day, count)).toBe(expected);
        expect(dayNumber(expected) - dayNumber(day)).toBe(count);
      }),
    );
  });
});
