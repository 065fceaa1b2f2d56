import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { PutObjectCommand, type PutObjectCommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { objectParams } from "./object-params.ts";
import { StorageError, toStorageError } from "./storage-error.ts";
import { createTransfer, type Transfer } from "./transfer.ts";
import type { PutInput } from "./types.ts";

/** `isVerified` is true if the store's ETag proves that it holds exactly these bytes. */
export type SentStream = { readonly bytes: number; readonly isVerified: boolean };

/**
 * Sends `body` in one request, without buffering it. The payload of a stream cannot be signed, so the MD5 of the bytes is compared
 * with the ETag of the response if that is an MD5.
 *
 * @throws StorageError `storage_mismatch` if the body is shorter or longer than `contentLength`, or was changed on the way.
 */
export async function putStream(
  client: S3Client,
  bucket: string,
  input: PutInput,
): Promise<SentStream> {
  const { body, contentLength } = input;
  const transfer = createTransfer(input.signal, body);
  const meter = createMeter(contentLength, transfer);
  try {
    transfer.signal.throwIfAborted();
    const command = new PutObjectCommand({
      ...objectParams({ ...input, bucket }),
      Body: body.pipe(meter.stage),
      ContentLength: contentLength,
    });
    const response = await client.send(command, { abortSignal: transfer.signal });
    const storedMd5 = md5In(response);
    if (meter.bytes() !== contentLength || (storedMd5 !== undefined && storedMd5 !== meter.md5()))
      throw new StorageError("storage_mismatch");
    transfer.signal.throwIfAborted();
    return { bytes: contentLength, isVerified: storedMd5 !== undefined };
  } catch (error) {
    transfer.fail(transfer.signal.aborted ? error : toStorageError(error));
    throw transfer.firstError();
  } finally {
    transfer.end();
  }
}

/** Counts and hashes what passes through, and fails the transfer unless it is exactly `contentLength` bytes. */
function createMeter(
  contentLength: number,
  transfer: Transfer,
): { readonly stage: Transform; readonly bytes: () => number; readonly md5: () => string } {
  const hash = createHash("md5");
  let bytes = 0;
  const stage = new Transform({
    readableHighWaterMark: 262_144,
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > contentLength) {
        done(new StorageError("storage_mismatch"));
        return;
      }
      hash.update(chunk);
      done(null, chunk);
    },
    // If the body is too short, the store would wait for the rest until the request times out.
    flush: (done) => done(bytes === contentLength ? null : new StorageError("storage_mismatch")),
  });
  stage.on("error", transfer.fail);
  transfer.signal.addEventListener("abort", () => stage.destroy(), { once: true });
  return { stage, bytes: () => bytes, md5: () => hash.digest("hex") };
}

/** An ETag of 32 hex digits is an MD5, except for objects encrypted under a KMS key. Other ETags have no defined meaning. */
function md5In({
  ETag: etag = "",
  ServerSideEncryption: encryption,
}: PutObjectCommandOutput): string | undefined {
  if (encryption?.startsWith("aws:kms") === true) return undefined;
  return /^"?([0-9a-f]{32})"?$/i.exec(etag)?.[1]?.toLowerCase();
}
