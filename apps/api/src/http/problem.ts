import type { DocketError, ErrorCode } from "@docket/domain";

/** The HTTP status and the title of each error code. */
export const PROBLEMS = {
  bad_request: { status: 400, title: "The request cannot be accepted" },
  invalid_json: { status: 400, title: "The body is not valid JSON" },
  invalid_field: { status: 422, title: "A field is malformed" },
  unauthorized: { status: 401, title: "A valid token is required" },
  tenant_required: { status: 403, title: "The token names no tenant" },
  forbidden: { status: 403, title: "A permission is missing" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "The method is not allowed" },
  name_taken: { status: 409, title: "The name is already taken" },
  source_limit_reached: { status: 409, title: "The context's source limit is reached" },
  export_not_ready: { status: 409, title: "The export has no file" },
  export_not_cancelable: { status: 409, title: "The export is already finished" },
  export_file_gone: { status: 410, title: "The export's file is no longer available" },
  invalid_exception_transition: {
    status: 409,
    title: "The exception's status does not allow this action",
  },
  invalid_dispute_transition: {
    status: 409,
    title: "The dispute's state does not allow this action",
  },
  evidence_limit_reached: { status: 409, title: "The dispute's evidence limit is reached" },
  history_limit_reached: { status: 409, title: "The history limit is reached" },
  events_expired: { status: 410, title: "Events have expired" },
  webhook_endpoint_limit_reached: {
    status: 409,
    title: "The tenant's limit of webhook endpoints is reached",
  },
  webhook_endpoint_disabled: { status: 409, title: "The webhook endpoint is disabled" },
  precondition_failed: { status: 412, title: "The resource has changed" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The media type is not supported" },
  invalid_records: { status: 422, title: "Some records are not valid" },
  idempotency_key_reused: {
    status: 422,
    title: "The idempotency key was used for another request",
  },
  idempotency_key_in_use: {
    status: 409,
    title: "A request with this idempotency key is still running",
  },
  idempotency_storage_full: {
    status: 429,
    title: "Too many responses are kept for idempotency keys",
  },
  rate_limited: { status: 429, title: "Too many requests" },
  too_many_active_exports: { status: 429, title: "Too many unfinished exports" },
  too_many_ingests: { status: 503, title: "Too many concurrent ingests" },
  storage_not_configured: { status: 503, title: "Object storage is not configured" },
  webhooks_not_configured: { status: 503, title: "Webhooks are not configured" },
  dependency_unavailable: { status: 503, title: "A dependency is unavailable" },
  internal_error: { status: 500, title: "Internal error" },
} as const satisfies Record<ErrorCode, { readonly status: number; readonly title: string }>;

/** RFC 9457's media type. */
export const PROBLEM_TYPE = "application/problem+json";

/** An RFC 9457 problem with the members `code`, `requestId` and `errors` (docs/api.md §1, "Errors"). */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  /** The fields at fault; for ingested records with their lines. */
  readonly errors?: readonly {
    readonly line?: number;
    readonly field: string;
    readonly detail: string;
  }[];
  /** The oldest event that is kept; only of `events_expired`. */
  readonly oldestSeq?: number;
};

/** The problem that a client sees of `error`. It reveals nothing of the cause. */
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
    ...(error.oldestSeq !== undefined && { oldestSeq: error.oldestSeq }),
  };
}

/** The headers of the response to `error`. */
export function problemHeaders(error: DocketError): Readonly<Record<string, string>> {
  return {
    "Content-Type": PROBLEM_TYPE,
    ...(error.retryAfterSeconds !== undefined && {
      "Retry-After": String(error.retryAfterSeconds),
    }),
  };
}
