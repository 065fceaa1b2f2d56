import { contextPath, withQuery, type LinkQuery } from "../app/paths.ts";
import { OPEN_STATUSES } from "../exceptions/words.ts";
import { addDays, type Period } from "../ui/periods.ts";

/** The list of open exceptions behind a figure. */
export const exceptionsLink = (contextId: string, query: LinkQuery): string =>
  withQuery(contextPath(contextId, "exceptions"), { status: OPEN_STATUSES, ...query });

export const disputesLink = (contextId: string, query: LinkQuery): string =>
  withQuery(contextPath(contextId, "disputes"), query);

export const exportsLink = (contextId: string, query: LinkQuery): string =>
  withQuery(contextPath(contextId, "exports"), query);

/** The list of the transactions behind a figure. */
export const transactionsLink = (contextId: string, period: Period, query: LinkQuery): string =>
  withQuery(contextPath(contextId, "transactions"), {
    dateFrom: period.dateFrom,
    dateTo: period.dateTo,
    ...query,
  });

/** The days of creation of the exceptions that have this age today. */
export function daysOfAge(bucket: string, today: string): LinkQuery {
  const [youngest = 0, oldest] = bucket.replace("over-90", "91").split("-").map(Number);
  return {
    ...(oldest !== undefined && { dateFrom: addDays(today, -oldest) }),
    ...(youngest > 0 && { dateTo: addDays(today, -youngest) }),
  };
}
