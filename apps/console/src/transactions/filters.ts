import { choices, day, text, type StateOf } from "../app/query-string.ts";
import type { Filter } from "../ui/active-filters.ts";
import { STATUSES, STATUS_NAMES } from "./words.ts";

/** What the URL of the list holds. */
export const TRANSACTION_FILTERS = {
  status: choices(STATUS_NAMES),
  sourceId: text,
  currency: text,
  externalId: text,
  dateFrom: day,
  dateTo: day,
  cursor: text,
};

/** What the URL of an open transaction holds besides: the API finds a transaction by its reference, not by its ID. */
export const OPEN_STATE = { reference: text, cursor: text };

export type TransactionFilters = StateOf<typeof TRANSACTION_FILTERS>;

export const FILTER_BAR: readonly Filter[] = [
  {
    name: "status",
    label: "Status",
    options: Object.entries(STATUSES).map(([value, { label }]) => ({ value, label })),
  },
];
