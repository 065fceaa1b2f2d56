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
};

export type LinkedFilter = {
  readonly label: string;
  readonly names: readonly (keyof LinkFilters)[];
};

/**
 * Returns the filters that no other control shows.
 *
 * @param subject who is signed in: a toggle of its own shows what is assigned to them.
 */
export function linkedFilters(filters: LinkFilters, subject: string): readonly LinkedFilter[] {
  const { assignedTo, dateFrom, dateTo, currency, dueBefore, respondBefore, exceptionId } = filters;
  const created = createdLabel(dateFrom, dateTo);
  const found: readonly (LinkedFilter | false)[] = [
    created !== undefined && { label: created, names: ["dateFrom", "dateTo"] },
    currency !== undefined && { label: `In ${currency}`, names: ["currency"] },
    dueBefore !== undefined && { label: `Due before ${instant(dueBefore)}`, names: ["dueBefore"] },
    respondBefore !== undefined && {
      label: `Respond before ${instant(respondBefore)}`,
      names: ["respondBefore"],
    },
    exceptionId !== undefined && { label: "Of one exception", names: ["exceptionId"] },
    assignedTo !== undefined &&
      assignedTo !== subject && { label: `Assigned to ${assignedTo}`, names: ["assignedTo"] },
  ];
  return found.filter((each) => each !== false);
}

function createdLabel(from: string | undefined, to: string | undefined): string | undefined {
  if (from !== undefined && to !== undefined) return `Created ${formatDays(from, to)}`;
  if (from !== undefined) return `Created from ${formatDay(from)}`;
  return to === undefined ? undefined : `Created until ${formatDay(to)}`;
}

/** The URL may hold any text. */
const instant = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? text : formatInstant(text);
