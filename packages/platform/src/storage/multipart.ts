import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from "@aws-sdk/client-s3";
import { createFlight } from "./flight.ts";
import { listUnfinished } from "./listing.ts";
import { objectParams } from "./object-params.ts";
import { DEFAULT_PART_BYTES, MAX_PARTS } from "./part-size.ts";
import { partsOf, type Part } from "./parts.ts";
import { StorageError, toStorageError } from "./storage-error.ts";
import type { UploadInput } from "./types.ts";

/**
 * They carry 140 MiB/s to a store on the same machine, several times what an export produces. One more part is being filled
 * meanwhile.
 */
const PARTS_IN_FLIGHT = 2;

/** Limit for clearing away, which must end well within a process's 10 s to stop. */
const CLEAN_UP_MS = 3_000;

export type MultipartOptions = UploadInput & {
  readonly bucket: string;
  readonly maxParts?: number;
};

/**
 * Sends `body` in parts of a fixed size and resolves with the bytes sent; what fits into one part is a single put.
 *
 * The first fault stops the body and the requests in flight; only when all is quiet the upload is aborted and that fault thrown.
 * @throws StorageError, or the body's own error
 */
export async function uploadInParts(client: S3Client, options: MultipartOptions): Promise<number> {
  const { body, signal, bucket, key, maxParts = MAX_PARTS } = options;
  const flight = createFlight(signal, body);
  const target = { Bucket: bucket, Key: key };
  const late = { abortSignal: flight.cutLate };
  const parts: CompletedPart[] = [];
  let uploadId: string | undefined;
  // Set while there may be an upload whose id never reached us: to begin one is not idempotent, and the SDK repeats it.
  let mayHaveMore = false;
  let bytes = 0;

  /** The failure of one request is the upload's. */
  const request = async <T>(send: () => Promise<T>): Promise<T> => {
    flight.cut.throwIfAborted();
    try {
      return await send();
    } catch (error) {
      const fault = toStorageError(error);
      flight.fail(fault);
      throw fault;
    }
  };
  const putWhole = async ({ content }: Part): Promise<void> => {
    const command = new PutObjectCommand({ ...objectParams(options), Body: content });
    await request(() => client.send(command, late));
  };
  const begin = async (): Promise<void> => {
    const command = new CreateMultipartUploadCommand(objectParams(options));
    mayHaveMore = true;
    const answer = await request(() => client.send(command, late));
    uploadId = answer.UploadId;
    mayHaveMore = uploadId === undefined || (answer.$metadata.attempts ?? 1) > 1;
    if (uploadId !== undefined) options.onUploadId?.(uploadId);
  };
  const putPart = async ({ number, content }: Part): Promise<void> => {
    const place = { ...target, UploadId: uploadId, PartNumber: number };
    const command = new UploadPartCommand({ ...place, Body: content });
    const { ETag } = await request(() => client.send(command, { abortSignal: flight.cut }));
    parts[number - 1] = { PartNumber: number, ETag };
  };
  const complete = async (): Promise<void> => {
    const all = { UploadId: uploadId, MultipartUpload: { Parts: parts } };
    const command = new CompleteMultipartUploadCommand({ ...target, ...all });
    await request(() => client.send(command, late));
  };
  /** Best effort: what cannot be reached now is found again by `listUploads`. */
  const clearUploads = async (): Promise<void> => {
    const clearing = mayHaveMore
      ? abortAll(client, bucket, key)
      : uploadId !== undefined && abortUpload(client, bucket, key, uploadId, CLEAN_UP_MS);
    await Promise.resolve(clearing).catch(() => undefined);
  };

  /** None of them rejects: `request` has reported the fault to the flight. */
  const sent: Promise<void>[] = [];
  try {
    flight.cut.throwIfAborted();
    const partBytes = options.partSizeBytes ?? DEFAULT_PART_BYTES;
    for await (const part of partsOf(body, partBytes, PARTS_IN_FLIGHT + 1)) {
      if (part.number > maxParts) throw new StorageError("export_too_large");
      const isWhole = part.number === 1 && part.isLast;
      if (part.number === 1 && !isWhole) await begin();
      sent.push((isWhole ? putWhole(part) : putPart(part)).catch(flight.fail));
      bytes += part.content.length;
      // The next part is filled into the memory of this one.
      await sent.at(-1 - PARTS_IN_FLIGHT);
    }
    await Promise.all(sent);
    flight.cut.throwIfAborted();
    if (uploadId !== undefined) await complete();
    if (mayHaveMore) await clearUploads();
    if (!flight.cut.aborted) return bytes;
    // Stopped while the last request completed the object: take it back.
    await client.send(new DeleteObjectCommand(target), within(CLEAN_UP_MS)).catch(() => undefined);
    throw flight.reason();
  } catch (error) {
    flight.fail(error);
    await Promise.all(sent);
    await clearUploads();
    // The first fault is what the caller must see.
    throw flight.reason();
  } finally {
    flight.end();
  }
}

/**
 * Aborts an upload until the store says that it is gone: a part that arrives with the first abort can outlive it.
 * @throws StorageError when the store cannot be reached or refuses.
 */
export async function abortUpload(
  client: S3Client,
  bucket: string,
  key: string,
  uploadId: string,
  limitMs: number,
): Promise<void> {
  const options = within(limitMs);
  for (let turn = 0; turn < 3; turn += 1) {
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
async function abortAll(client: S3Client, bucket: string, key: string): Promise<void> {
  for await (const upload of listUnfinished(client, bucket, key, within(CLEAN_UP_MS))) {
    if (upload.key === key) await abortUpload(client, bucket, key, upload.uploadId, CLEAN_UP_MS);
  }
}

const within = (ms: number): { abortSignal: AbortSignal } => ({
  abortSignal: AbortSignal.timeout(ms),
});
