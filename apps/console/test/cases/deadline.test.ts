import { deadlineOf } from "../../src/cases/deadline.ts";

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
