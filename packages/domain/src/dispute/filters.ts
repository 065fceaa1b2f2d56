import type Joi from "joi";
import { day, repeatableFilter, text, uuid } from "../schemas.ts";
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
};

/** The filters of `GET /v1/disputes` (docs/api.md §4). */
export const disputeFilters = {
  state: repeatableFilter(DISPUTE_STATES),
  category: repeatableFilter(DISPUTE_CATEGORIES),
  dateFrom: day(),
  dateTo: day(),
  exceptionId: uuid(),
  contextId: uuid(),
  openedBy: text(255),
} satisfies Joi.PartialSchemaMap<DisputeFilters>;
