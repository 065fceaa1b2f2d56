import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { objectParams } from "../object-params.ts";
import { toStorageError } from "../storage-error.ts";
import type { Transfer } from "../transfer.ts";
import type { UploadInput } from "../types.ts";
import { abortUpload, abortUploadsTo } from "./abort.ts";
import type { Part } from "./parts.ts";

/** Limits each cleanup, so that a process can still stop within its 10 s. */
const CLEANUP_TIMEOUT_MS = 3_000;

export type MultipartOptions = UploadInput & {
  readonly bucket: string;
  readonly maxParts?: number;
};

/** One upload: what its requests need, and what they have learned. */
export type Upload = {
  readonly client: S3Client;
  readonly options: MultipartOptions;
  readonly transfer: Transfer;
  readonly completedParts: CompletedPart[];
  /** Set once a multipart upload exists. */
  uploadId: string | undefined;
  /** True while there may be an upload whose ID never arrived: creating one is not idempotent, and the SDK retries it. */
  mayHaveOrphan: boolean;
  /** True if the SDK repeated a request with content: an earlier attempt may still be reading its part. */
  mayStillSend: boolean;
};

const targetOf = ({ options: { bucket, key } }: Upload) => ({ Bucket: bucket, Key: key });

/** Sends a request unless the transfer has failed. If the request fails, so does the transfer. */
async function request<T>({ transfer }: Upload, send: () => Promise<T>): Promise<T> {
  transfer.signal.throwIfAborted();
  try {
    return await send();
  } catch (error) {
    const fault = toStorageError(error);
    transfer.fail(fault);
    throw fault;
  }
}

const isRepeated = ({
  $metadata,
}: Pick<CreateMultipartUploadCommandOutput, "$metadata">): boolean => ($metadata.attempts ?? 1) > 1;

/** Stores a body that fits into one part, without a multipart upload. */
export async function putWhole(upload: Upload, { content }: Part): Promise<void> {
  const { client, options, transfer } = upload;
  const command = new PutObjectCommand({ ...objectParams(options), Body: content });
  const stored = await request(upload, () =>
    client.send(command, { abortSignal: transfer.settleSignal }),
  );
  upload.mayStillSend ||= isRepeated(stored);
}

export async function beginUpload(upload: Upload): Promise<void> {
  const { client, options, transfer } = upload;
  const command = new CreateMultipartUploadCommand(objectParams(options));
  upload.mayHaveOrphan = true;
  const created = await request(upload, () =>
    client.send(command, { abortSignal: transfer.settleSignal }),
  );
  upload.uploadId = created.UploadId;
  upload.mayHaveOrphan = upload.uploadId === undefined || isRepeated(created);
  if (upload.uploadId !== undefined) options.onUploadId?.(upload.uploadId);
}

export async function putPart(upload: Upload, { number, content }: Part): Promise<void> {
  const { client, transfer, uploadId } = upload;
  const command = new UploadPartCommand({
    ...targetOf(upload),
    UploadId: uploadId,
    PartNumber: number,
    Body: content,
  });
  const stored = await request(upload, () =>
    client.send(command, { abortSignal: transfer.signal }),
  );
  upload.mayStillSend ||= isRepeated(stored);
  upload.completedParts[number - 1] = { PartNumber: number, ETag: stored.ETag };
}

export async function completeUpload(upload: Upload): Promise<void> {
  const { client, transfer, uploadId, completedParts } = upload;
  const command = new CompleteMultipartUploadCommand({
    ...targetOf(upload),
    UploadId: uploadId,
    MultipartUpload: { Parts: completedParts },
  });
  await request(upload, () => client.send(command, { abortSignal: transfer.settleSignal }));
}

/** Aborts the upload and its possible orphans. Best effort: the sweeper finds the rest through `listUploads`. */
export async function discardUploads(upload: Upload): Promise<void> {
  const { client, options, uploadId, mayHaveOrphan } = upload;
  const { bucket, key } = options;
  try {
    if (mayHaveOrphan) await abortUploadsTo(client, bucket, key, CLEANUP_TIMEOUT_MS);
    else if (uploadId !== undefined)
      await abortUpload(client, bucket, key, uploadId, CLEANUP_TIMEOUT_MS);
  } catch {
    // The first error of the transfer is the one to report.
  }
}

/** Deletes the completed object. Best effort, as above. */
export async function discardObject(upload: Upload): Promise<void> {
  const options = { abortSignal: AbortSignal.timeout(CLEANUP_TIMEOUT_MS) };
  await upload.client
    .send(new DeleteObjectCommand(targetOf(upload)), options)
    .catch(() => undefined);
}
