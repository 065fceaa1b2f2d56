import { day, type StateOf } from "../app/query-string.ts";
import { PRESETS, type Period } from "../ui/periods.ts";

/** The days of the transactions that the figures are about. */
export const OVERVIEW_STATE = { dateFrom: day, dateTo: day };

/** The days in the URL. Default: the last 30 days. */
export function periodOf(
  { dateFrom, dateTo }: StateOf<typeof OVERVIEW_STATE>,
  today: string,
): Period {
  const last30Days = PRESETS[1]!.period(today);
  return { dateFrom: dateFrom ?? last30Days.dateFrom, dateTo: dateTo ?? last30Days.dateTo };
}
