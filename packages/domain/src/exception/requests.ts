import { bodyOf, instant, oneOf, text } from "../schemas.ts";

/** Lists sort by this order (docs/api.md §5). */
export const EXCEPTION_SEVERITIES = ["LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

export type ExceptionSeverity = (typeof EXCEPTION_SEVERITIES)[number];

const MAX_SHORT = 200;
const MAX_TEXT = 5_000;

/** Fields that a single request and a bulk request share. */
export const assignee = { assignedTo: text(MAX_SHORT).allow(null) };
export const dueDate = { dueAt: instant().allow(null) };
export const resolution = {
  resolutionType: text(MAX_SHORT).required(),
  resolutionNotes: text(MAX_TEXT).required(),
};

/** The validated body of `PATCH /v1/exceptions/{exceptionId}`. `null` clears a field. */
export type UpdateExceptionRequest = {
  readonly assignedTo?: string | null;
  /** RFC 3339 in UTC with milliseconds. */
  readonly dueAt?: string | null;
  readonly severity?: ExceptionSeverity;
};

export const updateExceptionRequest = bodyOf<UpdateExceptionRequest>({
  ...assignee,
  ...dueDate,
  severity: oneOf(EXCEPTION_SEVERITIES),
})
  .or("assignedTo", "dueAt", "severity")
  .meta({ minProperties: 1 })
  .messages({ "object.missing": "assignedTo, dueAt or severity is required" });

/** The validated body of `POST /v1/exceptions/{exceptionId}/resolve`. */
export type ResolveExceptionRequest = {
  readonly resolutionType: string;
  readonly resolutionNotes: string;
};

export const resolveExceptionRequest = bodyOf<ResolveExceptionRequest>(resolution);

export const reopenExceptionRequest = bodyOf<{ readonly reason: string }>({
  reason: text(MAX_TEXT).required(),
});
