import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createFlight } from "./flight.ts";
import { listUnfinished } from "./listing.ts";
import { objectParams } from "./object-params.ts";
import { DEFAULT_PART_BYTES, MAX_PARTS } from "./part-size.ts";
import { StorageError, toStorageError } from "./storage-error.ts";
import type { UploadInput } from "./types.ts";

/**
 * Each takes a part's buffer, and as much again until it is collected: 2 keep an upload within 64 MiB (4: 110 MiB). They carry 140 MiB/s
 * to a store on the same machine, several times what an export produces.
 */
const PARTS_IN_FLIGHT = 2;

/** Limit for clearing away, which must end well within a process's 10 s to stop. */
const CLEAN_UP_MS = 3_000;

export type MultipartOptions = UploadInput & {
  readonly bucket: string;
  readonly maxParts?: number;
};

/**
 * Sends `body` in parts of a fixed size through lib-storage and resolves with the bytes sent.
 *
 * lib-storage alone would not do: on an abort it rejects while parts are still on their way, on a failed part it reads on to the end
 * of the body, and when clearing away fails it throws that fault in place of the first. So its requests pass through here: the first
 * fault stops the body and all parts in flight, and only when all is quiet the upload is aborted and the first fault thrown.
 */
export async function uploadInParts(client: S3Client, options: MultipartOptions): Promise<number> {
  const { body, signal, bucket, key, maxParts = MAX_PARTS } = options;
  const flight = createFlight(signal, body);
  let uploadId: string | undefined;
  // Set while there may be an upload whose id never reached us: to begin one is not idempotent, and the SDK repeats it.
  let mayHaveMore = false;
  let bytes = 0;

  const sendPart = async (command: UploadPartCommand): Promise<unknown> => {
    if ((command.input.PartNumber ?? 0) > maxParts) throw new StorageError("export_too_large");
    const size = command.input.Body instanceof Uint8Array ? command.input.Body.byteLength : 0;
    const answer = await client.send(command, { abortSignal: flight.cut });
    bytes += size;
    return answer;
  };
  const sendOther = async (command: AnyCommand): Promise<unknown> => {
    const begins = command instanceof CreateMultipartUploadCommand;
    if (begins) mayHaveMore = true;
    const answer = await client.send(command as CreateMultipartUploadCommand, {
      abortSignal: flight.cutLate,
    });
    if (begins) {
      uploadId = answer.UploadId;
      mayHaveMore = uploadId === undefined || (answer.$metadata.attempts ?? 1) > 1;
      if (uploadId !== undefined) options.onUploadId?.(uploadId);
    } else if (command.input.Body instanceof Uint8Array) {
      bytes = command.input.Body.byteLength;
    }
    return answer;
  };
  const send = async (command: AnyCommand): Promise<unknown> => {
    flight.cut.throwIfAborted();
    try {
      return command instanceof UploadPartCommand
        ? await sendPart(command)
        : await sendOther(command);
    } catch (error) {
      const fault = toStorageError(error);
      flight.fail(fault);
      throw fault;
    }
  };

  /** Best effort: what cannot be reached now is found again by `listUploads`. */
  const clearUploads = async (): Promise<void> => {
    const clearing = mayHaveMore
      ? abortAll(client, bucket, key)
      : uploadId !== undefined && abortUpload(client, bucket, key, uploadId, CLEAN_UP_MS);
    await Promise.resolve(clearing).catch(() => undefined);
  };

  try {
    await new Upload({
      // It uses these two alone.
      client: { config: client.config, send } as unknown as S3Client,
      params: objectParams(options),
      partSize: options.partSizeBytes ?? DEFAULT_PART_BYTES,
      queueSize: PARTS_IN_FLIGHT,
      // Clearing away is done below, once, when nothing is in flight any more.
      leavePartsOnError: true,
    }).done();
    if (mayHaveMore) await clearUploads();
    if (!flight.cut.aborted) return bytes;
    // Stopped while the last request completed the object: take it back.
    await client
      .send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), within(CLEAN_UP_MS))
      .catch(() => undefined);
    throw flight.reason();
  } catch (error) {
    flight.fail(error);
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

type AnyCommand = {
  readonly input: { readonly Body?: unknown; readonly PartNumber?: number | undefined };
};

const within = (ms: number): { abortSignal: AbortSignal } => ({
  abortSignal: AbortSignal.timeout(ms),
});
