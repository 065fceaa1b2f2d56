import { addAbortSignal, Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, type Gunzip } from "node:zlib";
import { DocketError } from "@docket/domain";

/** Real records rarely compress to a fifth of their size, a gzip bomb to less than a thousandth. */
const MAX_RATIO = 100;
/** Small bodies are exempt, because their ratio varies widely. */
const RATIO_FROM_BYTES = 16 * 1024 * 1024;

const DAMAGED = "The body is not valid gzip, or ended early. Nothing was written.";
const BOMB = `The gzip body expands to more than ${MAX_RATIO} times its size. Send it uncompressed.`;

/**
 * Returns the body's bytes, decompressed. Iterating fails when `signal` aborts, with the error of the body, and when the gzip is
 * damaged or a bomb. The body is destroyed when the iteration ends.
 */
export const bodyBytes = (
  body: Readable,
  isGzip: boolean,
  signal: AbortSignal,
): AsyncIterable<Buffer> => (isGzip ? decompress(body, signal) : addAbortSignal(signal, body));

async function* decompress(body: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const bytes = bombGuard(gunzip);
  // The last stream fails with the error of the pipeline, so its reader gets it as well.
  pipeline(body, gunzip, bytes, { signal }).catch(() => undefined);
  try {
    yield* bytes;
  } catch (error) {
    if (signal.aborted || error instanceof DocketError) throw error;
    throw new DocketError("bad_request", DAMAGED, { cause: error });
  }
}

/** Passes the output of `gunzip` on, until it exceeds the allowed multiple of the input. */
function bombGuard(gunzip: Gunzip): Transform {
  let bytesOut = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytesOut += chunk.length;
      const isBomb = bytesOut > RATIO_FROM_BYTES && bytesOut > gunzip.bytesWritten * MAX_RATIO;
      done(isBomb ? new DocketError("payload_too_large", BOMB) : null, chunk);
    },
  });
}
