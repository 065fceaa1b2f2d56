import type Joi from "joi";
import { day, someOf, uuid } from "../schemas.ts";

/** In the order of the contract, which is how lists sort them. */
export const EXCEPTION_SEVERITIES = ["LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

/** In the order of the contract, which is how lists sort them. */
export const EXCEPTION_STATUSES = ["OPEN", "ASSIGNED", "PENDING_RESOLUTION", "RESOLVED"] as const;

/** What a list of exceptions may be narrowed to; days are whole ones in UTC, and both are included. */
export type ExceptionFilters = {
  readonly contextId?: string;
  readonly status?: readonly string[];
  readonly severity?: readonly string[];
  readonly dateFrom?: string;
  readonly dateTo?: string;
};

/** The filters of `GET /v1/exceptions` (contract §5); `status` and `severity` may repeat. */
export const exceptionFilters = {
  contextId: uuid(),
  status: someOf(EXCEPTION_STATUSES),
  severity: someOf(EXCEPTION_SEVERITIES),
  dateFrom: day(),
  dateTo: day(),
} satisfies Joi.PartialSchemaMap<ExceptionFilters>;
