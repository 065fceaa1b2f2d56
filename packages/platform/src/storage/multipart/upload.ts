import type { S3Client } from "@aws-sdk/client-s3";
import { StorageError } from "../storage-error.ts";
import { createTransfer } from "../transfer.ts";
import { DEFAULT_PART_BYTES, MAX_PARTS } from "./part-size.ts";
import { PartStream } from "./part-stream.ts";
import { partsOf, PART_BUFFERS, PARTS_IN_FLIGHT } from "./parts.ts";
import {
  beginUpload,
  completeUpload,
  discardObject,
  discardUploads,
  putPart,
  putWhole,
  type MultipartOptions,
  type Upload,
} from "./requests.ts";

/**
 * Stores `body` in parts of a fixed size and resolves with the number of bytes sent. A body that fits into one part is a single PUT.
 *
 * The first error stops the body and the requests in flight. Once they have settled, the upload is aborted and the error thrown.
 *
 * @throws StorageError, or the body's own error.
 */
export async function uploadInParts(client: S3Client, options: MultipartOptions): Promise<number> {
  const transfer = createTransfer(options.signal, options.body);
  const upload: Upload = {
    client,
    options,
    transfer,
    completedParts: [],
    uploadId: undefined,
    mayHaveOrphan: false,
    mayStillSend: false,
  };
  // They never reject: a failed request fails the transfer.
  const requests: Promise<void>[] = [];
  try {
    transfer.signal.throwIfAborted();
    const bytes = await sendParts(upload, requests);
    await Promise.all(requests);
    transfer.signal.throwIfAborted();
    if (upload.uploadId !== undefined) await completeUpload(upload);
    if (upload.mayHaveOrphan) await discardUploads(upload);
    if (!transfer.signal.aborted) {
      // Otherwise, and after an error, the buffers are not reused: another file's bytes would be sent in place of these.
      if (options.body instanceof PartStream && !upload.mayStillSend) options.body.release();
      return bytes;
    }
    // Aborted while the last request was completing the object.
    await discardObject(upload);
    throw transfer.firstError();
  } catch (error) {
    transfer.fail(error);
    await Promise.all(requests);
    await discardUploads(upload);
    throw transfer.firstError();
  } finally {
    transfer.end();
  }
}

/** Starts one request per part, with at most PARTS_IN_FLIGHT at a time. Resolves with the number of bytes in all parts. */
async function sendParts(upload: Upload, requests: Promise<void>[]): Promise<number> {
  const { options, transfer } = upload;
  const { body, partSizeBytes = DEFAULT_PART_BYTES, maxParts = MAX_PARTS } = options;
  let bytes = 0;
  const parts = body instanceof PartStream ? body : partsOf(body, partSizeBytes, PART_BUFFERS);
  for await (const part of parts) {
    if (part.number > maxParts) throw new StorageError("export_too_large");
    const isWhole = part.number === 1 && part.isLast;
    if (part.number === 1 && !isWhole) await beginUpload(upload);
    const sent = isWhole ? putWhole(upload, part) : putPart(upload, part);
    requests.push(sent.catch(transfer.fail));
    bytes += part.content.length;
    // The next part is written into the buffer of this one.
    await requests.at(-1 - PARTS_IN_FLIGHT);
  }
  return bytes;
}
