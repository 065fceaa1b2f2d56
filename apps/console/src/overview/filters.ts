import { day } from "../app/query-string.ts";

/** The days of the transactions that the figures are about. */
export const OVERVIEW_STATE = { dateFrom: day, dateTo: day };
