import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { PutObjectCommand, type PutObjectCommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { createFlight } from "./flight.ts";
import { objectParams } from "./object-params.ts";
import { StorageError, toStorageError } from "./storage-error.ts";
import type { PutInput } from "./types.ts";

/** What was sent, and whether the store's own ETag proves that it holds just that. */
export type Sent = { readonly bytes: number; readonly isProven: boolean };

/**
 * Sends `body` in one request as it comes.
 *
 * A stream's payload cannot be signed, so the answer's ETag is compared with the MD5 taken on the way, where the ETag is one.
 * @throws StorageError `storage_mismatch` when the body is shorter or longer than it said, or arrived changed.
 */
export async function putStream(client: S3Client, bucket: string, input: PutInput): Promise<Sent> {
  const { body, contentLength } = input;
  const flight = createFlight(input.signal, body);
  const md5 = createHash("md5");
  let bytes = 0;
  const guard = new Transform({
    readableHighWaterMark: 262_144,
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > contentLength) {
        done(new StorageError("storage_mismatch"));
        return;
      }
      md5.update(chunk);
      done(null, chunk);
    },
    // Ended too early the request would wait for the rest until it times out.
    flush: (done) => done(bytes === contentLength ? null : new StorageError("storage_mismatch")),
  });
  guard.on("error", flight.fail);
  flight.cut.addEventListener("abort", () => guard.destroy(), { once: true });
  try {
    flight.cut.throwIfAborted();
    const command = new PutObjectCommand({
      ...objectParams({ ...input, bucket }),
      Body: body.pipe(guard),
      ContentLength: contentLength,
    });
    const answer = await client.send(command, { abortSignal: flight.cut });
    const found = md5In(answer);
    if (bytes !== contentLength || (found !== undefined && found !== md5.digest("hex")))
      throw new StorageError("storage_mismatch");
    flight.cut.throwIfAborted();
    return { bytes, isProven: found !== undefined };
  } catch (error) {
    flight.fail(flight.cut.aborted ? error : toStorageError(error));
    throw flight.reason();
  } finally {
    flight.end();
  }
}

/** An ETag of 32 hex digits is the MD5, except under a KMS key; what other shapes mean is the store's affair. */
function md5In({
  ETag: etag = "",
  ServerSideEncryption: encryption,
}: PutObjectCommandOutput): string | undefined {
  if (encryption?.startsWith("aws:kms") === true) return undefined;
  return /^"?([0-9a-f]{32})"?$/i.exec(etag)?.[1]?.toLowerCase();
}
