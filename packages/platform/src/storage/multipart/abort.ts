import { AbortMultipartUploadCommand, type S3Client } from "@aws-sdk/client-s3";
import { listUnfinished } from "../listing.ts";
import { toStorageError } from "../storage-error.ts";

/** A part that is in flight during the first abort can outlive it. */
const MAX_ABORTS = 3;

/**
 * Aborts an upload until the store no longer knows it.
 * @throws StorageError if the store is unreachable or refuses.
 */
export async function abortUpload(
  client: S3Client,
  bucket: string,
  key: string,
  uploadId: string,
  timeoutMs: number,
): Promise<void> {
  const options = { abortSignal: AbortSignal.timeout(timeoutMs) };
  for (let count = 0; count < MAX_ABORTS; count += 1) {
    try {
      await client.send(
        new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }),
        options,
      );
    } catch (error) {
      const fault = toStorageError(error);
      if (fault.code === "storage_upload_lost" || fault.kind === "not_found") return;
      throw fault;
    }
  }
}

/** Aborts every unfinished upload to `key`. */
export async function abortUploadsTo(
  client: S3Client,
  bucket: string,
  key: string,
  timeoutMs: number,
): Promise<void> {
  const options = { abortSignal: AbortSignal.timeout(timeoutMs) };
  for await (const upload of listUnfinished(client, bucket, key, options)) {
    if (upload.key === key) await abortUpload(client, bucket, key, upload.uploadId, timeoutMs);
  }
}
