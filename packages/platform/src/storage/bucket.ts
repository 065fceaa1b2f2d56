import {
  CreateBucketCommand,
  HeadBucketCommand,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import { StorageError, toBucketError } from "./storage-error.ts";

/** Rejects with a StorageError unless the bucket exists and is accessible, and after `timeoutMs` in any case. */
export async function checkBucket(
  client: S3Client,
  bucket: string,
  timeoutMs: number,
): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }), {
      abortSignal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const fault = toBucketError(error);
    // Only the timeout can have aborted it.
    throw fault.kind === "aborted" ? new StorageError("storage_unavailable", error) : fault;
  }
}

/** Creates the bucket. Succeeds if another process has just created it. */
export async function createBucket(
  client: S3Client,
  bucket: string,
  region: string,
): Promise<void> {
  // S3 rejects us-east-1 as a location constraint: it is the default.
  const location =
    region === "us-east-1"
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...location }));
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name !== "BucketAlreadyOwnedByYou") throw toBucketError(error);
  }
}
