import fc from "fast-check";
import { addDays, dayNumber, isDay } from "../src/calendar.ts";

/** Days of the years 0001 to 9999, by the platform's own calendar as the independent reference. */
const days = fc
  .integer({ min: Date.UTC(2000, 0, 1) - 1_999 * 365.25 * 86_400_000, max: Date.UTC(9999, 11, 31) })
  .map((instant) => new Date(instant).toISOString().slice(0, 10))
  .filter((day) => day.length === 10);

const byPlatform = (day: string, add: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + add * 86_400_000).toISOString().slice(0, 10);

describe("days", () => {
  it.each(["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2026-04-30"])(
    "%s exists",
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
  ])("%j does not", (day) => {
    expect(isDay(day)).toBe(false);
  });

  it("are added as the platform's calendar adds them", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -400, max: 400 }), (day, add) => {
        const expected = byPlatform(day, add);
        fc.pre(isDay(expected));
        expect(addDays(day, add)).toBe(expected);
        expect(dayNumber(expected) - dayNumber(day)).toBe(add);
      }),
    );
  });
});
