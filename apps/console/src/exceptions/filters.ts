import { choice, choices, day, flag, text } from "../app/query-string.ts";
import type { Filter } from "../ui/active-filters.ts";
import { SEVERITIES, SEVERITY_NAMES, STATUSES, STATUS_NAMES } from "./words.ts";

const FIELDS = ["createdAt", "severity", "status", "dueAt", "amount", "updatedAt"] as const;
const SORTS = FIELDS.flatMap((field) => [field, `-${field}`] as const);

/** What the URL of the list holds. */
export const EXCEPTION_FILTERS = {
  status: choices(STATUS_NAMES),
  severity: choices(SEVERITY_NAMES),
  assignedTo: text,
  unassigned: flag,
  overdue: flag,
  dueBefore: text,
  dateFrom: day,
  dateTo: day,
  currency: text,
  sourceId: text,
  externalId: text,
  sort: choice(SORTS),
  cursor: text,
};

const options = (words: Readonly<Record<string, { readonly label: string }>>) =>
  Object.entries(words).map(([value, { label }]) => ({ value, label }));

export const FILTER_BAR: readonly Filter[] = [
  { name: "status", label: "Status", options: options(STATUSES) },
  { name: "severity", label: "Severity", options: options(SEVERITIES) },
];

export const DEFAULT_SORT = "-severity";
