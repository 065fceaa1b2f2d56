import { day } from "../app/query-string.ts";

/** The days of the transactions that the figures are about. */
export const OVERVIEW_STATE = { dateFrom: day, dateTo: day };

/** The states of exceptions that need work. */
export const OPEN_EXCEPTIONS = ["OPEN", "ASSIGNED", "PENDING_RESOLUTION"];
/** The states of disputes with a deadline. */
export const ACTIVE_DISPUTES = ["OPEN", "PENDING_EVIDENCE"];
