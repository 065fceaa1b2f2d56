import type { Area } from "../app/area.ts";
import { contextPath, withQuery, type LinkQuery } from "../app/paths.ts";
import { DISPUTES } from "../disputes/area.ts";
import { EXCEPTIONS } from "../exceptions/area.ts";
import { OPEN_STATUSES } from "../exceptions/words.ts";
import { EXPORTS } from "../exports/area.ts";
import type { Permission } from "../session/permissions.ts";
import { TRANSACTIONS } from "../transactions/area.ts";
import { addDays, type Period } from "../ui/periods.ts";

/** The list behind a figure, and what a person needs to see it. */
export type FigureTarget = { readonly href: string; readonly permission: Permission };

const target = ({ name, permission }: Area, contextId: string, query: LinkQuery): FigureTarget => ({
  href: withQuery(contextPath(contextId, name), query),
  permission,
});

/** The list of open exceptions behind a figure. */
export const exceptionsLink = (contextId: string, query: LinkQuery): FigureTarget =>
  target(EXCEPTIONS, contextId, { status: OPEN_STATUSES, ...query });

export const disputesLink = (contextId: string, query: LinkQuery): FigureTarget =>
  target(DISPUTES, contextId, query);

export const exportsLink = (contextId: string, query: LinkQuery): FigureTarget =>
  target(EXPORTS, contextId, query);

/** The list of the transactions behind a figure. */
export const transactionsLink = (
  contextId: string,
  { dateFrom, dateTo }: Period,
  query: LinkQuery,
): FigureTarget => target(TRANSACTIONS, contextId, { dateFrom, dateTo, ...query });

/** The days of creation of the exceptions that have this age today. */
export function daysOfAge(bucket: string, today: string): LinkQuery {
  const [youngest = 0, oldest] = bucket.replace("over-90", "91").split("-").map(Number);
  return {
    ...(oldest !== undefined && { dateFrom: addDays(today, -oldest) }),
    ...(youngest > 0 && { dateTo: addDays(today, -youngest) }),
  };
}
