import Joi from "joi";
import { currency, day, instant, repeatableFilter, text, uuid } from "../schemas.ts";
import { MAX_KEY_LENGTH } from "../record/limits.ts";
import { EXCEPTION_STATUSES } from "./lifecycle.ts";
import { EXCEPTION_SEVERITIES } from "./requests.ts";

/** The validated filters of a list of exceptions. Days are whole UTC days, both inclusive. */
export type ExceptionFilters = {
  readonly contextId?: string;
  readonly status?: readonly string[];
  readonly severity?: readonly string[];
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly assignedTo?: string;
  readonly unassigned?: boolean;
  readonly overdue?: boolean;
  /** RFC 3339 in UTC, exclusive. */
  readonly dueBefore?: string;
  readonly sourceId?: string;
  readonly currency?: string;
  readonly externalId?: string;
};

/** The filters of `GET /v1/exceptions` (docs/api.md §5, §8). */
export const exceptionFilters = {
  contextId: uuid(),
  status: repeatableFilter(EXCEPTION_STATUSES),
  severity: repeatableFilter(EXCEPTION_SEVERITIES),
  dateFrom: day(),
  dateTo: day(),
  assignedTo: text(255),
  unassigned: Joi.boolean(),
  overdue: Joi.boolean(),
  dueBefore: instant(),
  sourceId: uuid(),
  currency: currency(),
  externalId: text(MAX_KEY_LENGTH),
} satisfies Joi.PartialSchemaMap<ExceptionFilters>;
