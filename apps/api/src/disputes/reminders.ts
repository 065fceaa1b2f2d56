import { firstReminder } from "@docket/domain";

const HOUR_MS = 3_600_000;

/** The next reminder of a dispute, as columns of its row. */
type Schedule = { readonly remindAt: Date | null; readonly reminderHours: number | null };

/**
 * The reminders of a dispute whose `respondBy` was set, or that was opened or reopened, at `at`. Those whose time has passed
 * already are skipped, except the last one (docs/api.md §8).
 */
export function scheduleReminders(respondBy: Date | string | null | undefined, at: Date): Schedule {
  if (respondBy === null || respondBy === undefined) return { remindAt: null, reminderHours: null };
  const deadline = new Date(respondBy).getTime();
  const hours = firstReminder((deadline - at.getTime()) / HOUR_MS);
  return { remindAt: new Date(deadline - hours * HOUR_MS), reminderHours: hours };
}
