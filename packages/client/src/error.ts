import type { Problem } from "./generated/api-types.ts";

/**
 * Codes of faults that the client finds itself.
 *
 * - `network_error`: no answer, or an answer that broke off
 * - `timeout`: no answer within `timeoutMs`
 * - `unexpected_answer`: refused by something other than the API
 * - `download_corrupt`, `upload_corrupt`: size or SHA-256 differ between the two sides
 * - `download_failed`: the object store refused the download, or the file has no usable name
 * - `file_exists`: the directory has a file of the same name with other content
 * - `export_failed`, `export_canceled`, `export_expired`: how the job of `exportJobs.run` ended
 * - `webhook_invalid`: the request was not signed with any of the secrets
 */
export type ClientErrorCode =
  | "network_error"
  | "timeout"
  | "unexpected_answer"
  | "download_corrupt"
  | "download_failed"
  | "file_exists"
  | "upload_corrupt"
  | "export_failed"
  | "export_canceled"
  | "export_expired"
  | "webhook_invalid";

/** A stable code: of the API (docs/api.md §1, Errors) or of the client. Later releases add more. */
export type ErrorCode = Problem["code"] | ClientErrorCode;

/** A field at fault, and the line of an ingested record. */
export type FieldError = {
  readonly line?: number;
  readonly field: string;
  readonly detail: string;
};

type Details = {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly status?: number | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
};

/** Every failure of the client, except an abort, which rejects with the reason of the caller's signal. */
export class DocketError extends Error {
  override readonly name = "DocketError";
  readonly code: ErrorCode;
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** A sentence for people. Its wording may change: act on `code`. */
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** Names the request in the logs of the API. */
  readonly requestId: string | undefined;
  /** From the header `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  /** @param request what was attempted, such as `POST /v1/contexts` */
  constructor(request: string, details: Details) {
    const { code, detail, status, errors = [], requestId, retryAfterMs, cause } = details;
    const answered = status === undefined ? "" : ` (${status} ${code})`;
    const faults = errors.map((fault) => ` ${fault.field}: ${fault.detail}`).slice(0, 1);
    super(`${request}: ${detail}${answered}${faults.join("")}`, { cause });
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.errors = errors;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Whether `error` comes from the client, and has this code when one is given.
 *
 * @example
 * try {
 *   await docket.exportJobs.cancel(id);
 * } catch (error) {
 *   if (!isDocketError(error, "export_not_cancelable")) throw error;
 * }
 */
export function isDocketError(error: unknown, code?: ErrorCode): error is DocketError {
  const isOurs = error instanceof Error && error.name === "DocketError";
  return isOurs && (code === undefined || (error as DocketError).code === code);
}
