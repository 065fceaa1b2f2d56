import type Joi from "joi";
import { day, repeatableFilter, uuid } from "../schemas.ts";
import { EXCEPTION_STATUSES } from "./lifecycle.ts";
import { EXCEPTION_SEVERITIES } from "./requests.ts";

/** The validated filters of a list of exceptions. Days are whole UTC days, both inclusive. */
export type ExceptionFilters = {
  readonly contextId?: string;
  readonly status?: readonly string[];
  readonly severity?: readonly string[];
  readonly dateFrom?: string;
  readonly dateTo?: string;
};

/** The filters of `GET /v1/exceptions` (docs/api.md §5). */
export const exceptionFilters = {
  contextId: uuid(),
  status: repeatableFilter(EXCEPTION_STATUSES),
  severity: repeatableFilter(EXCEPTION_SEVERITIES),
  dateFrom: day(),
  dateTo: day(),
} satisfies Joi.PartialSchemaMap<ExceptionFilters>;
