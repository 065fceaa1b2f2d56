import type Joi from "joi";
import { day, someOf, text, uuid } from "../schemas.ts";
import { DISPUTE_STATES } from "./lifecycle.ts";
import { DISPUTE_CATEGORIES } from "./requests.ts";

/** What a list of disputes may be narrowed to; days are whole ones in UTC, and both are included. */
export type DisputeFilters = {
  readonly state?: readonly string[];
  readonly category?: readonly string[];
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly exceptionId?: string;
  readonly contextId?: string;
  readonly openedBy?: string;
};

/** The filters of `GET /v1/disputes` (contract §4); `state` and `category` may repeat. */
export const disputeFilters = {
  state: someOf(DISPUTE_STATES),
  category: someOf(DISPUTE_CATEGORIES),
  dateFrom: day(),
  dateTo: day(),
  exceptionId: uuid(),
  contextId: uuid(),
  openedBy: text(255),
} satisfies Joi.PartialSchemaMap<DisputeFilters>;
