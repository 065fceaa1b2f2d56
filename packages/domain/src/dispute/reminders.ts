/** How many hours before `respondBy` a dispute is due soon; at 0 it is overdue (docs/api.md §8). */
export const REMINDER_HOURS = [72, 24, 0] as const;

export type ReminderHours = (typeof REMINDER_HOURS)[number];

/** The first reminder of a dispute with `hoursLeft` until its `respondBy`. Earlier ones are skipped; the last one never is. */
export const firstReminder = (hoursLeft: number): ReminderHours =>
  REMINDER_HOURS.find((hours) => hoursLeft >= hours) ?? 0;
