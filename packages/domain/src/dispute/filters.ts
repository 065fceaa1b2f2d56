import Joi from "joi";
import { currency, day, instant, repeatableFilter, text, uuid } from "../schemas.ts";
import { DISPUTE_STATES } from "./lifecycle.ts";
import { DISPUTE_CATEGORIES } from "./requests.ts";

/** The validated filters of a list of disputes. Days are whole UTC days, both inclusive. */
export type DisputeFilters = {
  readonly state?: readonly string[];
  readonly category?: readonly string[];
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly exceptionId?: string;
  readonly contextId?: string;
  readonly openedBy?: string;
  readonly assignedTo?: string;
  readonly unassigned?: boolean;
  readonly overdue?: boolean;
  /** RFC 3339 in UTC, exclusive. */
  readonly respondBefore?: string;
  readonly currency?: string;
};

/** The filters of `GET /v1/disputes` (docs/api.md §4, §8). */
export const disputeFilters = {
  state: repeatableFilter(DISPUTE_STATES),
  category: repeatableFilter(DISPUTE_CATEGORIES),
  dateFrom: day(),
  dateTo: day(),
  exceptionId: uuid(),
  contextId: uuid(),
  openedBy: text(255),
  assignedTo: text(255),
  unassigned: Joi.boolean(),
  overdue: Joi.boolean(),
  respondBefore: instant(),
  currency: currency(),
} satisfies Joi.PartialSchemaMap<DisputeFilters>;
