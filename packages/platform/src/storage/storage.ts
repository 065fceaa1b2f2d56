import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  type BucketLocationConstraint,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createClients, timeoutOf } from "./client.ts";
import { attachment } from "./content-disposition.ts";
import { listObjects, listUnfinished } from "./listing.ts";
import { abortUpload, uploadInParts } from "./multipart.ts";
import { putStream } from "./put.ts";
import { StorageError, toBucketError, toStorageError } from "./storage-error.ts";
import type { ObjectHead, PresignDownload, Storage, StorageConfig } from "./types.ts";

const PING_MS = 5_000;

/** Objects in the bucket that `config` names. Opens no connection by itself. */
export function createStorage(config: StorageConfig): Storage {
  const clients = createClients(config);
  const { work: client } = clients;
  const { bucket } = config;

  const head = async (key: string, abortSignal?: AbortSignal): Promise<ObjectHead | undefined> => {
    try {
      const found = await client.send(
        new HeadObjectCommand({ Bucket: bucket, Key: key }),
        abortSignal === undefined ? {} : { abortSignal },
      );
      return {
        bytes: found.ContentLength ?? 0,
        contentType: found.ContentType,
        metadata: found.Metadata ?? {},
      };
    } catch (error) {
      const fault = toStorageError(error);
      if (fault.kind === "not_found") return undefined;
      throw fault;
    }
  };

  /** What the store says that it holds is the only size that counts. */
  const confirm = async (
    key: string,
    sent: number,
    signal?: AbortSignal,
  ): Promise<{ readonly bytes: number }> => {
    const stored = await head(key, signal);
    if (stored?.bytes !== sent) throw new StorageError("storage_mismatch");
    return { bytes: stored.bytes };
  };

  const checkBucket = async (): Promise<void> => {
    try {
      await client.send(new HeadBucketCommand({ Bucket: bucket }), {
        abortSignal: AbortSignal.timeout(Math.min(PING_MS, timeoutOf(config))),
      });
    } catch (error) {
      const fault = toBucketError(error);
      // Only the limit above can have cut it off.
      throw fault.kind === "aborted" ? new StorageError("storage_unavailable", error) : fault;
    }
  };

  return {
    upload: async (input) =>
      confirm(input.key, await uploadInParts(client, { ...input, bucket }), input.signal),
    put: async (input) => {
      const { bytes, isProven } = await putStream(client, bucket, input);
      return isProven ? { bytes } : confirm(input.key, bytes, input.signal);
    },
    head: (key) => head(key),
    delete: async (key) => {
      await client
        .send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
        .catch((error: unknown) => {
          const fault = toStorageError(error);
          if (fault.kind !== "not_found") throw fault;
        });
    },
    list: (prefix, { limit = Infinity } = {}) => listObjects(client, bucket, prefix, limit),
    listUploads: (prefix) => listUnfinished(client, bucket, prefix),
    abortUpload: (key, uploadId) => abortUpload(client, bucket, key, uploadId, timeoutOf(config)),
    presignDownload: async ({ key, fileName, contentType, expiresInSeconds }: PresignDownload) => {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ResponseContentDisposition: attachment(fileName),
        ResponseContentType: contentType,
      });
      return getSignedUrl(clients.links, command, { expiresIn: expiresInSeconds }).catch(
        (error: unknown) => {
          throw toStorageError(error);
        },
      );
    },
    ping: checkBucket,
    ensureBucket: async () => {
      try {
        await checkBucket();
      } catch (error) {
        if (!(error instanceof StorageError) || error.code !== "bucket_missing") throw error;
        await createBucket();
      }
    },
    close: async () => clients.close(),
  };

  async function createBucket(): Promise<void> {
    // us-east-1 is the one region that must not be named.
    const place =
      config.region === "us-east-1"
        ? {}
        : {
            CreateBucketConfiguration: {
              LocationConstraint: config.region as BucketLocationConstraint,
            },
          };
    try {
      await client.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
    } catch (error) {
      // Somebody else was faster.
      const name = error instanceof Error ? error.name : "";
      if (name !== "BucketAlreadyOwnedByYou") throw toBucketError(error);
    }
  }
}
