import { dayAt, isTimeZone, startOfDay } from "../../src/export/time-zone.ts";
import { addDays } from "../../src/index.ts";

const instant = (seconds: number): string => new Date(seconds * 1_000).toISOString();

describe("a time zone", () => {
  it.each(["UTC", "utc", "Europe/Berlin", "europe/berlin", "US/Pacific", "Asia/Calcutta"])(
    "may be %s",
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  it.each(["", "Mars/Olympus", "+01:00", "-0800", "IST", "PST", "SystemV/PST8", "Europe/Berlin "])(
    "may not be %j",
    (name) => expect(isTimeZone(name)).toBe(false),
  );
});

describe("the first instant of a day", () => {
  it.each([
    ["UTC", "2026-01-01", "2026-01-01T00:00:00.000Z"],
    ["Europe/Berlin", "2026-01-01", "2025-12-31T23:00:00.000Z"],
    ["Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00.000Z"],
    ["Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00.000Z"],
    ["America/Los_Angeles", "2026-07-01", "2026-07-01T07:00:00.000Z"],
    // Clocks are set forward and back at 02:00 and 03:00.
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z"],
    ["Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00.000Z"],
    ["Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00.000Z"],
    ["Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00.000Z"],
    // 00:00 to 01:00 is skipped.
    ["Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00.000Z"],
    // 00:00 to 01:00 comes twice.
    ["America/Havana", "2024-11-03", "2024-11-03T04:00:00.000Z"],
    ["America/Havana", "2024-11-04", "2024-11-04T05:00:00.000Z"],
    // 00:00 is set back to 23:00 of the day before.
    ["Africa/Cairo", "2024-11-01", "2024-10-31T22:00:00.000Z"],
    // 23:30 is set forward to 00:30.
    ["America/Toronto", "1919-03-31", "1919-03-31T04:30:00.000Z"],
    // The zone skipped 30 December, which is an empty day.
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000Z"],
    ["Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z"],
    ["UTC", "0001-01-01", "0001-01-01T00:00:00.000Z"],
    ["Asia/Tokyo", "0001-01-01", "0000-12-31T14:41:01.000Z"],
    ["UTC", "10000-01-01", "+010000-01-01T00:00:00.000Z"],
  ])("in %s, %s is %s", (zone, day, expected) => {
    expect(instant(startOfDay(day, zone))).toBe(expected);
  });

  it.each(["Europe/Berlin", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Gaza"])(
    "belongs to the day in %s, and the second before to an earlier one, for three years",
    (zone) => {
      for (let day = "2023-01-01"; day < "2026-01-01"; day = addDays(day, 1)) {
        const start = startOfDay(day, zone);
        expect([dayAt(start, zone), dayAt(start - 1, zone) < day]).toEqual([day, true]);
      }
    },
  );
});
