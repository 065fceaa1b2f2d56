import type Joi from "joi";
import { day, repeatableFilter, uuid } from "../schemas.ts";

/** Lists sort by this order (docs/api.md §5). */
export const EXCEPTION_SEVERITIES = ["LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

export type ExceptionSeverity = (typeof EXCEPTION_SEVERITIES)[number];

/** Lists sort by this order (docs/api.md §5). */
export const EXCEPTION_STATUSES = ["OPEN", "ASSIGNED", "PENDING_RESOLUTION", "RESOLVED"] as const;

export type ExceptionStatus = (typeof EXCEPTION_STATUSES)[number];

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
