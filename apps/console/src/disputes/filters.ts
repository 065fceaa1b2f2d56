import { choice, choices, flag, text } from "../app/query-string.ts";
import type { Filter } from "../ui/active-filters.ts";
import { ACTIVE_STATES, CATEGORIES, optionsOf, STATE_NAMES, type State } from "./words.ts";

const FIELDS = [
  "respondBy",
  "disputedAmount",
  "state",
  "category",
  "updatedAt",
  "createdAt",
] as const;
const SORTS = FIELDS.flatMap((field) => [field, `-${field}`] as const);

/** What the URL of the list holds. */
export const DISPUTE_FILTERS = {
  state: choices(STATE_NAMES),
  category: choices(CATEGORIES),
  assignedTo: text,
  unassigned: flag,
  overdue: flag,
  respondBefore: text,
  exceptionId: text,
  currency: text,
  sort: choice(SORTS),
  cursor: text,
};

export const FILTER_BAR: readonly Filter[] = [
  { name: "category", label: "Category", options: optionsOf(CATEGORIES) },
];

export type Tab = { readonly label: string; readonly states: readonly State[] };

/** The lists by state. The first holds those that need work, and is the default. */
export const TABS: readonly Tab[] = [
  { label: "To respond", states: ACTIVE_STATES },
  { label: "Drafts", states: ["DRAFT"] },
  { label: "Won", states: ["WON"] },
  { label: "Lost", states: ["LOST"] },
  { label: "All", states: STATE_NAMES },
];
