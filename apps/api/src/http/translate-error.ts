import { DocketError } from "@docket/domain";
import { isDatabaseUnavailable } from "@docket/platform/database";
import { StorageError } from "@docket/platform/storage";
import { UnauthorizedError } from "express-jwt";

/** Seconds after which a dependency that was out of reach is worth another try. */
const RETRY_SECONDS = 5;

/** A dependency that does not answer: 503, and it may come back. */
export function outOfReach(dependency: string, cause?: unknown): DocketError {
  return new DocketError("dependency_unavailable", `The ${dependency} is out of reach for now.`, {
    retryAfterSeconds: RETRY_SECONDS,
    cause,
  });
}

/**
 * Whatever was thrown, in our own vocabulary. What a driver or a library said stays in `cause`, for the log:
 * it may hold SQL, hosts or keys.
 */
export function toDocketError(error: unknown): DocketError {
  if (error instanceof DocketError) return error;
  if (error instanceof UnauthorizedError) return notAuthorized(error);
  if (error instanceof StorageError) return outOfReach("object storage", error);
  if (isDatabaseUnavailable(error)) return outOfReach("database", error);
  // Express could not decode a path: `%E0%A4%A`.
  if (error instanceof URIError) {
    const detail = "The path holds a percent sign that begins no valid UTF-8 character.";
    return new DocketError("bad_request", detail, { cause: error });
  }
  return new DocketError("internal_error", "Something went wrong on our side.", { cause: error });
}

/** Set when a request brought no token at all: then there is nothing wrong with it to report (RFC 6750, §3.1). */
export const isMissingToken = (error: DocketError): boolean =>
  error.cause instanceof UnauthorizedError && error.cause.code === "credentials_required";

function notAuthorized(error: UnauthorizedError): DocketError {
  const detail =
    error.code === "credentials_required"
      ? "Send a token: Authorization: Bearer <JWT>."
      : error.code === "invalid_token"
        ? "The token is not valid, or no longer."
        : "The header Authorization must read: Bearer <JWT>.";
  return new DocketError("unauthorized", detail, { cause: error });
}
