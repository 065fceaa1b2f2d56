import { StorageError, toBucketError, toStorageError } from "../../src/storage/storage-error.ts";

const sdkError = (name: string, status?: number): Error =>
  Object.assign(new Error(`https://secret-host/bucket/key: ${name}`), {
    name,
    $metadata: { httpStatusCode: status },
  });

describe("an error of the SDK", () => {
  it.each([
    ["NoSuchBucket", 404, "bucket_missing", "misconfigured"],
    ["AccessDenied", 403, "storage_access_denied", "misconfigured"],
    ["SignatureDoesNotMatch", 403, "storage_access_denied", "misconfigured"],
    ["403", 403, "storage_access_denied", "misconfigured"],
    ["InvalidRequest", 400, "storage_request_refused", "misconfigured"],
    ["SlowDown", 503, "storage_unavailable", "unavailable"],
    ["InternalError", 500, "storage_unavailable", "unavailable"],
    ["TooManyRequests", 429, "storage_unavailable", "unavailable"],
    ["RequestTimeTooSkewed", 403, "storage_unavailable", "unavailable"],
    ["TimeoutError", undefined, "storage_unavailable", "unavailable"],
    ["NoSuchUpload", 404, "storage_upload_lost", "unavailable"],
    ["InvalidPart", 400, "storage_upload_lost", "unavailable"],
    ["EntityTooLarge", 400, "object_too_large", "too_large"],
    ["NoSuchKey", 404, "object_not_found", "not_found"],
    ["AbortError", undefined, "storage_aborted", "aborted"],
    ["BadDigest", 400, "storage_mismatch", "mismatch"],
    // A property of Object.prototype is not a known name.
    ["constructor", 500, "storage_unavailable", "unavailable"],
  ])("%s with status %s becomes %s", (name, status, code, kind) => {
    const cause = sdkError(name, status);
    expect(toStorageError(cause)).toMatchObject({ name: "StorageError", code, kind, cause });
  });

  it("does not reveal host, bucket or key in its message", () => {
    expect(toStorageError(sdkError("AccessDenied", 403)).message).not.toMatch(/secret|key|http/);
  });

  it("is a missing bucket if a HEAD on the bucket returns 404", () => {
    expect(toBucketError(sdkError("NotFound", 404)).code).toBe("bucket_missing");
  });

  it("is returned unchanged if it is already a StorageError", () => {
    const error = new StorageError("export_too_large");
    expect(toStorageError(error)).toBe(error);
  });

  it("may be any thrown value", () => {
    expect(toStorageError("boom").code).toBe("storage_unavailable");
    expect(toStorageError(undefined).code).toBe("storage_unavailable");
  });
});
