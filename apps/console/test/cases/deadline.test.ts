import { deadlineOf, fromLocalInput, isLocalInput } from "../../src/cases/deadline.ts";

/** Noon of a local day. */
const NOW = new Date(2026, 10, 27, 12).getTime();
const HOUR_MS = 3_600_000;

const after = (hours: number) => deadlineOf(new Date(NOW + hours * HOUR_MS).toISOString(), NOW);

it.each([
  [24 * 8, "8 days left", "neutral"],
  [24 * 7, "7 days left", "info"],
  [24 * 4, "4 days left", "info"],
  [24 * 3, "3 days left", "warning"],
  [24, "1 day left", "warning"],
  [13, "13 h left", "warning"],
  [11, "Due today", "negative"],
  [-1, "Overdue today", "negative"],
  [-13, "Overdue 1 day", "negative"],
  [-24 * 9, "Overdue 9 days", "negative"],
])("%i hours from noon: %s", (hours, label, tone) => {
  expect(after(hours)).toEqual({ label, tone });
});

it.each([
  ["", true],
  ["2026-01-15T12:00", true],
  ["12026-01-15T12:00", false],
  ["2026-13-15T12:00", false],
])("takes %j of a field as an instant or nothing: %s", (value, isValid) => {
  expect(isLocalInput(value)).toBe(isValid);
  // Forms compute what they would send while a person is typing.
  expect(() => fromLocalInput(value)).not.toThrow();
});
