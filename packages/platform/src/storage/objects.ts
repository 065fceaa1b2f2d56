import { PassThrough, pipeline, type Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { attachment } from "./content-disposition.ts";
import { StorageError, toStorageError } from "./storage-error.ts";
import type { ObjectHead, PresignDownload } from "./types.ts";

export async function headObject(
  client: S3Client,
  bucket: string,
  key: string,
  abortSignal?: AbortSignal,
): Promise<ObjectHead | undefined> {
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
}

/** Opens an object. Errors while it is read are StorageErrors too. */
export async function readObject(client: S3Client, bucket: string, key: string): Promise<Readable> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const body = Body as Readable;
    const passed = new PassThrough();
    // Before the pipeline, which would pass the error on as it is.
    body.once("error", (error) => passed.destroy(toStorageError(error)));
    pipeline(body, passed, () => undefined);
    return passed;
  } catch (error) {
    throw toStorageError(error);
  }
}

/** @throws StorageError `storage_mismatch` unless the store reports an object of exactly `bytes`. */
export async function verifySize(
  client: S3Client,
  bucket: string,
  key: string,
  bytes: number,
  signal?: AbortSignal,
): Promise<void> {
  const stored = await headObject(client, bucket, key, signal);
  if (stored?.bytes !== bytes) throw new StorageError("storage_mismatch");
}

export async function deleteObject(client: S3Client, bucket: string, key: string): Promise<void> {
  try {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    const fault = toStorageError(error);
    if (fault.kind !== "not_found") throw fault;
  }
}

export async function presignDownload(
  client: S3Client,
  bucket: string,
  { key, fileName, contentType, expiresInSeconds }: PresignDownload,
): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ResponseContentDisposition: attachment(fileName),
    ResponseContentType: contentType,
  });
  try {
    return await getSignedUrl(client, command, { expiresIn: expiresInSeconds });
  } catch (error) {
    throw toStorageError(error);
  }
}
