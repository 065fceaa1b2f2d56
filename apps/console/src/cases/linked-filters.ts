import type { ActiveFilter } from "../ui/active-filters.ts";
import { formatDay, formatDays, formatInstant } from "../ui/format.ts";

/** Filters that links of the overview and the panels set. */
export type LinkFilters = {
  readonly assignedTo?: string | undefined;
  readonly dateFrom?: string | undefined;
  readonly dateTo?: string | undefined;
  readonly currency?: string | undefined;
  readonly dueBefore?: string | undefined;
  readonly respondBefore?: string | undefined;
  readonly exceptionId?: string | undefined;
  readonly finishedFrom?: string | undefined;
};

/** Filters by who works on a case, and by whether it is late. */
export type WorkFilters = {
  readonly assignedTo?: string | undefined;
  readonly unassigned?: true | undefined;
  readonly overdue?: true | undefined;
};

/** How a list words its days. */
export type DayLabels = Readonly<Record<"both" | "from" | "until", (days: string) => string>>;

/** The days on which something was created. */
const CREATED: DayLabels = {
  both: (days) => `Created ${days}`,
  from: (day) => `Created from ${day}`,
  until: (day) => `Created until ${day}`,
};

/** The days of the dates of transactions. */
export const DATED: DayLabels = {
  both: (days) => days,
  from: (day) => `From ${day}`,
  until: (day) => `Until ${day}`,
};

/**
 * Returns the filters that no other control shows.
 *
 * @param subject who is signed in: a toggle of its own shows what is assigned to them.
 */
export function linkedFilters(
  filters: LinkFilters,
  subject: string,
  days: DayLabels = CREATED,
): readonly ActiveFilter[] {
  const { assignedTo, dateFrom, dateTo, currency } = filters;
  const { dueBefore, respondBefore, exceptionId, finishedFrom } = filters;
  const range = rangeLabel(days, dateFrom, dateTo);
  const found: readonly (ActiveFilter | false)[] = [
    range !== undefined && { label: range, names: ["dateFrom", "dateTo"] },
    currency !== undefined && { label: `In ${currency}`, names: ["currency"] },
    dueBefore !== undefined && { label: `Due before ${instant(dueBefore)}`, names: ["dueBefore"] },
    respondBefore !== undefined && {
      label: `Respond before ${instant(respondBefore)}`,
      names: ["respondBefore"],
    },
    finishedFrom !== undefined && {
      label: `Finished since ${instant(finishedFrom)}`,
      names: ["finishedFrom"],
    },
    exceptionId !== undefined && { label: "Of one exception", names: ["exceptionId"] },
    assignedTo !== undefined &&
      assignedTo !== subject && { label: `Assigned to ${assignedTo}`, names: ["assignedTo"] },
  ];
  return found.filter((each) => each !== false);
}

/** Returns the filters that the toggles of `WorkToggles` show. */
export function workFilters(
  { assignedTo, unassigned, overdue }: WorkFilters,
  subject: string,
): readonly ActiveFilter[] {
  const found: readonly (ActiveFilter | false)[] = [
    assignedTo === subject && { label: "Assigned to me", names: ["assignedTo"] },
    unassigned === true && { label: "Unassigned", names: ["unassigned"] },
    overdue === true && { label: "Overdue", names: ["overdue"] },
  ];
  return found.filter((each) => each !== false);
}

function rangeLabel(
  labels: DayLabels,
  from: string | undefined,
  to: string | undefined,
): string | undefined {
  if (from !== undefined && to !== undefined) return labels.both(formatDays(from, to));
  if (from !== undefined) return labels.from(formatDay(from));
  return to === undefined ? undefined : labels.until(formatDay(to));
}

/** The URL may hold any text. */
const instant = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? text : formatInstant(text);
