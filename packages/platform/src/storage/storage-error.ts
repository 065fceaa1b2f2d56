/**
 * Groups the codes by what to do about them. `misconfigured` is permanent until an operator acts, `unavailable` is transient, and
 * `mismatch` means that the stored bytes differ from the sent bytes.
 */
export type StorageErrorKind =
  | "misconfigured"
  | "unavailable"
  | "too_large"
  | "not_found"
  | "aborted"
  | "mismatch";

/** The stable codes, each with its kind and a message that is safe to show to a user: without host, bucket, key or credential. */
const FAULTS = {
  bucket_missing: ["misconfigured", "The storage bucket does not exist."],
  storage_access_denied: ["misconfigured", "The object storage denied access."],
  storage_quota_exceeded: ["misconfigured", "The object storage is full."],
  storage_request_refused: ["misconfigured", "The object storage rejected the request."],
  storage_unavailable: ["unavailable", "The object storage is not available."],
  storage_upload_lost: ["unavailable", "The object storage lost the upload."],
  export_too_large: ["too_large", "The file needs more parts than one upload may have."],
  object_too_large: ["too_large", "The file is larger than the object storage allows."],
  object_not_found: ["not_found", "The object does not exist."],
  storage_aborted: ["aborted", "The transfer was aborted."],
  storage_mismatch: ["mismatch", "The stored file differs from the file that was sent."],
} as const satisfies Record<string, readonly [StorageErrorKind, string]>;

export type StorageErrorCode = keyof typeof FAULTS;

/** A failure of the object storage. `message` is safe to show to a user; `cause`, the SDK's error, is for logs only. */
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
  // An earlier request for a part, repeated after a time-out, arrived after all and replaced it. A new upload has no such requests.
  InvalidPart: "storage_upload_lost",
  EntityTooLarge: "object_too_large",
  BadDigest: "storage_mismatch",
  InvalidDigest: "storage_mismatch",
  IncompleteBody: "storage_mismatch",
  XAmzContentSHA256Mismatch: "storage_mismatch",
  AbortError: "storage_aborted",
  // Transient in spite of their 4xx status: a wrong clock, an expired token, a busy store.
  RequestTimeTooSkewed: "storage_unavailable",
  ExpiredToken: "storage_unavailable",
  RequestTimeout: "storage_unavailable",
  OperationAborted: "storage_unavailable",
};

/** Translates an error of the SDK. Returns a StorageError unchanged. */
export function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { name, status } = describe(error);
  const named = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  return new StorageError(named ?? byStatus(status), error);
}

/** Translates an error of a request on the bucket itself. A HEAD has no body, so a missing bucket is a bare 404. */
export function toBucketError(error: unknown): StorageError {
  const known = toStorageError(error);
  return known.code === "object_not_found" ? new StorageError("bucket_missing", error) : known;
}

function byStatus(status: number | undefined): StorageErrorCode {
  // Without a status there was no response: refused, reset, timed out, name not found, or no credentials available.
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
