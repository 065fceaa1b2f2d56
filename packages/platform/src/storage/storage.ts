import { checkBucket, createBucket } from "./bucket.ts";
import { createClients, timeoutOf } from "./client.ts";
import { listObjects, listUnfinished } from "./listing.ts";
import { abortUpload } from "./multipart/abort.ts";
import { uploadInParts } from "./multipart/upload.ts";
import { deleteObject, headObject, presignDownload, readObject, verifySize } from "./objects.ts";
import { putStream } from "./put-stream.ts";
import { StorageError } from "./storage-error.ts";
import type { Storage, StorageConfig } from "./types.ts";

const MAX_PING_TIMEOUT_MS = 5_000;

/** Creates a client for the bucket in `config`. Connects on first use. */
export function createStorage(config: StorageConfig): Storage {
  const { work: client, links, close } = createClients(config);
  const { bucket } = config;
  const timeoutMs = timeoutOf(config);

  const ping = (): Promise<void> =>
    checkBucket(client, bucket, Math.min(MAX_PING_TIMEOUT_MS, timeoutMs));

  return {
    upload: async (input) => {
      const bytes = await uploadInParts(client, { ...input, bucket });
      await verifySize(client, bucket, input.key, bytes, input.signal);
      return { bytes };
    },
    put: async (input) => {
      const { bytes, isVerified } = await putStream(client, bucket, input);
      if (!isVerified) await verifySize(client, bucket, input.key, bytes, input.signal);
      return { bytes };
    },
    head: (key) => headObject(client, bucket, key),
    read: (key) => readObject(client, bucket, key),
    delete: (key) => deleteObject(client, bucket, key),
    list: (prefix, { limit = Infinity } = {}) => listObjects(client, bucket, prefix, limit),
    listUploads: (prefix) => listUnfinished(client, bucket, prefix),
    abortUpload: (key, uploadId) => abortUpload(client, bucket, key, uploadId, timeoutMs),
    presignDownload: (input) => presignDownload(links, bucket, input),
    ping,
    ensureBucket: async () => {
      try {
        await ping();
      } catch (error) {
        if (!(error instanceof StorageError) || error.code !== "bucket_missing") throw error;
        await createBucket(client, bucket, config.region);
      }
    },
    close: async () => close(),
  };
}
