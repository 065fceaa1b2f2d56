/**
 * What went wrong, by what can be done about it. `misconfigured`: no retry can mend it. `unavailable`: a retry may.
 * `mismatch`: what is stored is not what was sent.
 */
export type StorageErrorKind =
  | "misconfigured"
  | "unavailable"
  | "too_large"
  | "not_found"
  | "aborted"
  | "mismatch";

/** The stable codes, each with its kind and a sentence that is safe to show to a user: no host, bucket, key or credential. */
const FAULTS = {
  bucket_missing: ["misconfigured", "The storage bucket does not exist."],
  storage_access_denied: ["misconfigured", "The object storage refused access."],
  storage_quota_exceeded: ["misconfigured", "The object storage is full."],
  storage_request_refused: ["misconfigured", "The object storage refused the request."],
  storage_unavailable: ["unavailable", "The object storage is not available."],
  storage_upload_lost: ["unavailable", "The object storage lost the upload."],
  export_too_large: ["too_large", "The file has more parts than one upload may have."],
  object_too_large: ["too_large", "The file is larger than the object storage allows."],
  object_not_found: ["not_found", "The object does not exist."],
  storage_aborted: ["aborted", "The transfer was stopped."],
  storage_mismatch: ["mismatch", "What was stored is not what was sent."],
} as const satisfies Record<string, readonly [StorageErrorKind, string]>;

export type StorageErrorCode = keyof typeof FAULTS;

/** A failure of the object storage. `message` is safe to show; `cause` is the SDK's error and is for the log only. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;
  readonly kind: StorageErrorKind;

  constructor(code: StorageErrorCode, cause?: unknown) {
    const [kind, message] = FAULTS[code];
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.kind = kind;
  }
}

const BY_NAME: Readonly<Record<string, StorageErrorCode>> = {
  NoSuchBucket: "bucket_missing",
  AccessDenied: "storage_access_denied",
  InvalidAccessKeyId: "storage_access_denied",
  SignatureDoesNotMatch: "storage_access_denied",
  QuotaExceeded: "storage_quota_exceeded",
  NoSuchKey: "object_not_found",
  NotFound: "object_not_found",
  NoSuchUpload: "storage_upload_lost",
  EntityTooLarge: "object_too_large",
  BadDigest: "storage_mismatch",
  InvalidDigest: "storage_mismatch",
  IncompleteBody: "storage_mismatch",
  XAmzContentSHA256Mismatch: "storage_mismatch",
  AbortError: "storage_aborted",
  // 4xx that pass by themselves: the clock is set, the token renewed, the store less busy.
  RequestTimeTooSkewed: "storage_unavailable",
  ExpiredToken: "storage_unavailable",
  RequestTimeout: "storage_unavailable",
  OperationAborted: "storage_unavailable",
};

/** The StorageError for whatever the SDK threw; a StorageError passes unchanged. */
export function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { name, status } = describe(error);
  const named = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  return new StorageError(named ?? byStatus(status), error);
}

/** The SDK's error as a HEAD on the bucket gives it: HEAD has no body, so a missing bucket is a bare 404. */
export function toBucketError(error: unknown): StorageError {
  const known = toStorageError(error);
  return known.code === "object_not_found" ? new StorageError("bucket_missing", error) : known;
}

function byStatus(status: number | undefined): StorageErrorCode {
  // No status: no answer came (refused, reset, timed out, name not found, no credentials to be had right now).
  if (status === undefined || status >= 500 || status === 408 || status === 429)
    return "storage_unavailable";
  if (status === 401 || status === 403) return "storage_access_denied";
  if (status === 404) return "object_not_found";
  if (status === 413) return "object_too_large";
  return "storage_request_refused";
}

function describe(error: unknown): { name: string; status: number | undefined } {
  if (typeof error !== "object" || error === null) return { name: "", status: undefined };
  const name = "name" in error && typeof error.name === "string" ? error.name : "";
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? metadata.httpStatusCode
      : undefined;
  return { name, status: typeof status === "number" && status >= 300 ? status : undefined };
}
