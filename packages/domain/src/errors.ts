/** A field at fault: `field` is a dotted path into the input (`items.0.amount`), `detail` a sentence that says what to change. */
export type FieldFault = { readonly field: string; readonly detail: string };

/**
 * Every way in which Docket refuses or fails. The codes are part of the contract (§1): they never change.
 * What status an HTTP answer gives them is the API's to say; whether a job is tried again is the worker's.
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
  "export_not_ready",
  "export_not_cancelable",
  "export_file_gone",
  "invalid_dispute_transition",
  "evidence_limit_reached",
  "precondition_failed",
  "payload_too_large",
  "unsupported_media_type",
  "invalid_records",
  "idempotency_key_reused",
  "idempotency_key_in_use",
  "rate_limited",
  "too_many_active_exports",
  "too_many_ingests",
  "storage_not_configured",
  "dependency_unavailable",
  "internal_error",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What an error may carry beside its sentence. */
export type ErrorExtras = {
  /** The fields at fault, where fields are. */
  readonly errors?: readonly FieldFault[];
  /** The first faulty lines of a records body. */
  readonly lines?: readonly LineFault[];
  /** Seconds after which a repetition may succeed. */
  readonly retryAfterSeconds?: number;
  /** What really happened; for the log only, never shown. */
  readonly cause?: unknown;
};

/** A faulty line of a records body; `line` counts from 1. */
export type LineFault = { readonly line: number; readonly field: string; readonly detail: string };

/** A refusal or failure with a stable code. `message` is safe to show to any caller. */
export class DocketError extends Error {
  override readonly name = "DocketError";
  readonly code: ErrorCode;
  readonly errors: readonly FieldFault[] | undefined;
  readonly lines: readonly LineFault[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.code = code;
    this.errors = extras.errors;
    this.lines = extras.lines;
    this.retryAfterSeconds = extras.retryAfterSeconds;
  }
}

/** The same 404 for an id that does not exist and for another tenant's (contract §1). */
export function notFound(
  what: "context" | "source" | "export job" | "exception" | "dispute" | "evidence",
): DocketError {
  return new DocketError("not_found", `There is no such ${what}.`);
}
