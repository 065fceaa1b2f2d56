import {
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { toBucketError } from "./storage-error.ts";
import type { StoredObject, UnfinishedUpload } from "./types.ts";

const PAGE_SIZE = 1_000;

/** At most `limit` objects whose keys begin with `prefix`, in key order. */
export async function* listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
  limit: number,
): AsyncGenerator<StoredObject> {
  let left = limit;
  if (left <= 0) return;
  const pageSize = Math.min(PAGE_SIZE, left);
  try {
    for await (const page of paginateListObjectsV2(
      { client, pageSize },
      { Bucket: bucket, Prefix: prefix },
    )) {
      for (const { Key: key, Size: bytes, LastModified: lastModified } of page.Contents ?? []) {
        if (key === undefined) continue;
        yield { key, bytes: bytes ?? 0, lastModified: lastModified ?? new Date(0) };
        left -= 1;
        if (left === 0) return;
      }
    }
  } catch (error) {
    throw toBucketError(error);
  }
}

/** The multipart uploads below `prefix` that have been neither completed nor aborted. */
export async function* listUnfinished(
  client: S3Client,
  bucket: string,
  prefix: string,
  options: { readonly abortSignal?: AbortSignal } = {},
): AsyncGenerator<UnfinishedUpload> {
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const page: ListMultipartUploadsCommandOutput = await client
      .send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...marker }), options)
      .catch((error: unknown) => {
        throw toBucketError(error);
      });
    for (const { Key: key, UploadId: uploadId, Initiated: initiated } of page.Uploads ?? []) {
      if (key !== undefined && uploadId !== undefined)
        yield { key, uploadId, initiated: initiated ?? new Date(0) };
    }
    const { NextKeyMarker: keyMarker, NextUploadIdMarker: uploadIdMarker } = page;
    marker =
      page.IsTruncated === true && keyMarker !== undefined
        ? {
            KeyMarker: keyMarker,
            ...(uploadIdMarker === undefined ? {} : { UploadIdMarker: uploadIdMarker }),
          }
        : undefined;
  }
}
