import { choices, day, text } from "../app/query-string.ts";
import type { Filter } from "../ui/active-filters.ts";
import { REPORTS, FORMATS, STATUSES } from "./words.ts";

/** What the URL of the list holds. */
export const EXPORT_FILTERS = {
  status: choices(Object.keys(STATUSES)),
  reportType: choices(Object.keys(REPORTS)),
  format: choices(FORMATS),
  finishedFrom: text,
  cursor: text,
};

/** What opens the dialog: `new`, a report, or the ID of an export; and the days it begins with. */
export const ORDER_STATE = { order: text, dateFrom: day, dateTo: day };

const options = (words: Readonly<Record<string, { readonly label: string }>>) =>
  Object.entries(words).map(([value, { label }]) => ({ value, label }));

export const FILTER_BAR: readonly Filter[] = [
  { name: "status", label: "Status", options: options(STATUSES) },
  { name: "reportType", label: "Report", options: options(REPORTS) },
  { name: "format", label: "Format", options: FORMATS.map((value) => ({ value, label: value })) },
];
