import { DocketError, type ErrorCode } from "@docket/domain";
import {
  isConnectionRefused,
  isDatabaseOverloaded,
  isDatabaseUnavailable,
} from "@docket/platform/database";
import { StorageError } from "@docket/platform/storage";
import { UnauthorizedError } from "express-jwt";

const RETRY_SECONDS = 5;

/** A 503 for a dependency that does not answer, with `Retry-After`. */
export function dependencyUnavailable(dependency: string, cause?: unknown): DocketError {
  const detail = `The ${dependency} is unavailable; try again in ${RETRY_SECONDS} s.`;
  return new DocketError("dependency_unavailable", detail, {
    retryAfterSeconds: RETRY_SECONDS,
    cause,
  });
}

/** A 503 for work that has waited too long for its turn, with `Retry-After`. */
export function tooMany(
  what: string,
  { code = "dependency_unavailable", cause }: { code?: ErrorCode; cause?: unknown } = {},
): DocketError {
  const detail = `Too many ${what} are running; try again in ${RETRY_SECONDS} s.`;
  return new DocketError(code, detail, { retryAfterSeconds: RETRY_SECONDS, cause });
}

/**
 * Translates any error to a DocketError. The message of a driver or a library may contain SQL, hosts or keys: it stays in `cause`,
 * which only the log shows.
 */
export function toDocketError(error: unknown): DocketError {
  if (error instanceof DocketError) return error;
  if (error instanceof UnauthorizedError) return unauthorized(error);
  if (error instanceof StorageError) return dependencyUnavailable("object storage", error);
  if (isConnectionRefused(error)) return tooMany("requests to the database", { cause: error });
  if (isDatabaseUnavailable(error) || isDatabaseOverloaded(error))
    return dependencyUnavailable("database", error);
  // Express could not decode the path, for example `%E0%A4%A`.
  if (error instanceof URIError) {
    const detail = "The path contains an invalid percent-encoding.";
    return new DocketError("bad_request", detail, { cause: error });
  }
  return new DocketError("internal_error", "The server failed to handle the request.", {
    cause: error,
  });
}

/** True when the request had no token: `WWW-Authenticate` then names no error (RFC 6750, §3.1). */
export const isMissingToken = (error: DocketError): boolean =>
  error.cause instanceof UnauthorizedError && error.cause.code === "credentials_required";

function unauthorized(error: UnauthorizedError): DocketError {
  const detail =
    error.code === "credentials_required"
      ? "A token is required: send the header Authorization: Bearer <JWT>."
      : error.code === "invalid_token"
        ? "The token is invalid or has expired."
        : "The header Authorization must have the form Bearer <JWT>.";
  return new DocketError("unauthorized", detail, { cause: error });
}
