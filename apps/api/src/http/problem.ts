import type { DocketError, ErrorCode } from "@docket/domain";

/** How each of Docket's errors is told over HTTP: its status, and a title that never changes. */
export const PROBLEMS = {
  bad_request: { status: 400, title: "The request cannot be accepted as it stands" },
  invalid_json: { status: 400, title: "The body is not valid JSON" },
  invalid_field: { status: 422, title: "A field is malformed" },
  unauthorized: { status: 401, title: "A valid token is required" },
  tenant_required: { status: 403, title: "The token names no tenant" },
  forbidden: { status: 403, title: "A permission is missing" },
  not_found: { status: 404, title: "There is nothing here" },
  method_not_allowed: { status: 405, title: "The method is not allowed here" },
  name_taken: { status: 409, title: "The name is taken" },
  export_not_ready: { status: 409, title: "The export has no file" },
  export_not_cancelable: { status: 409, title: "The export has ended" },
  export_file_gone: { status: 410, title: "The export's file is gone" },
  invalid_dispute_transition: { status: 409, title: "The dispute's state does not allow this" },
  evidence_limit_reached: { status: 409, title: "The dispute takes no more evidence" },
  precondition_failed: { status: 412, title: "The resource has changed" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The media type is not supported" },
  invalid_records: { status: 422, title: "Some records are not valid" },
  idempotency_key_reused: { status: 422, title: "The idempotency key belongs to another request" },
  idempotency_key_in_use: {
    status: 409,
    title: "The first request with this key is still running",
  },
  rate_limited: { status: 429, title: "Too many requests" },
  too_many_active_exports: { status: 429, title: "Too many unfinished exports" },
  too_many_ingests: { status: 503, title: "Too many loads of records at once" },
  storage_not_configured: { status: 503, title: "No object storage is configured" },
  dependency_unavailable: { status: 503, title: "A dependency is out of reach" },
  internal_error: { status: 500, title: "Something went wrong" },
} as const satisfies Record<ErrorCode, { readonly status: number; readonly title: string }>;

/** RFC 9457's media type. */
export const PROBLEM_TYPE = "application/problem+json";

/** An error as RFC 9457 puts it, with our `code`, `requestId` and `errors` (contract §1). */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  /** The fields at fault; those of a records body say on which line. */
  readonly errors?: readonly {
    readonly line?: number;
    readonly field: string;
    readonly detail: string;
  }[];
};

/** What a caller gets to see of `error`: nothing of its cause. */
export function problemOf(
  error: DocketError,
  where: { readonly instance: string; readonly requestId: string },
): Problem {
  const { status, title } = PROBLEMS[error.code];
  const errors = error.lines ?? error.errors;
  return {
    type: `urn:docket:error:${error.code}`,
    title,
    status,
    detail: error.message,
    instance: where.instance,
    code: error.code,
    requestId: where.requestId,
    ...(errors !== undefined && { errors }),
  };
}

/** The headers that belong to `error`. */
export function problemHeaders(error: DocketError): Readonly<Record<string, string>> {
  return {
    "Content-Type": PROBLEM_TYPE,
    ...(error.retryAfterSeconds !== undefined && {
      "Retry-After": String(error.retryAfterSeconds),
    }),
  };
}
