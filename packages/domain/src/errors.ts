/** A faulty field. `field` is a dotted path into the input (`items.0.amount`); `detail` says what to change. */
type FieldFault = { readonly field: string; readonly detail: string };

/** A faulty line of a records body. `line` counts from 1; `field` is empty if the whole line is faulty. */
export type LineFault = { readonly line: number; readonly field: string; readonly detail: string };

/**
 * Every error code (docs/api.md §1). Codes never change. The API maps them to HTTP statuses, the worker to retries.
 */
export const ERROR_CODES = [
  "bad_request",
  "invalid_json",
  "invalid_field",
  "unauthorized",
  "tenant_required",
  "forbidden",
  "not_found",
  "method_not_allowed",
  "name_taken",
  "source_limit_reached",
  "export_not_ready",
  "export_not_cancelable",
  "export_file_gone",
  "invalid_exception_transition",
  "invalid_dispute_transition",
  "evidence_limit_reached",
  "history_limit_reached",
  "events_expired",
  "webhook_endpoint_limit_reached",
  "webhook_endpoint_disabled",
  "precondition_failed",
  "payload_too_large",
  "unsupported_media_type",
  "invalid_records",
  "idempotency_key_reused",
  "idempotency_key_in_use",
  "idempotency_storage_full",
  "rate_limited",
  "too_many_active_exports",
  "too_many_ingests",
  "storage_not_configured",
  "webhooks_not_configured",
  "dependency_unavailable",
  "internal_error",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

type DocketErrorOptions = {
  readonly errors?: readonly FieldFault[];
  readonly lines?: readonly LineFault[];
  /** Seconds after which a retry may succeed. */
  readonly retryAfterSeconds?: number;
  /** The number of the oldest event that is kept. */
  readonly oldestSeq?: number;
  /** The underlying error. Logged, never shown to callers. */
  readonly cause?: unknown;
};

/** An error with a stable code. `message` is safe to show to any caller. */
export class DocketError extends Error {
  override readonly name = "DocketError";
  readonly code: ErrorCode;
  readonly errors: readonly FieldFault[] | undefined;
  readonly lines: readonly LineFault[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly oldestSeq: number | undefined;

  constructor(code: ErrorCode, message: string, options: DocketErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.lines = options.lines;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.oldestSeq = options.oldestSeq;
  }
}

/** The same error for an unknown ID and for another tenant's ID (docs/api.md §1). */
export function notFound(
  resource:
    | "context"
    | "source"
    | "export job"
    | "exception"
    | "dispute"
    | "evidence"
    | "webhook endpoint"
    | "webhook delivery",
): DocketError {
  return new DocketError("not_found", `There is no such ${resource}.`);
}
