import { finished, PassThrough, Transform, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { DocketError } from "@docket/domain";

/** Real records rarely compress to a fifth of their size, a gzip bomb to less than a thousandth. */
const MAX_RATIO = 100;
/** Small bodies are exempt, because their ratio varies widely. */
const RATIO_FROM_BYTES = 16 * 1024 * 1024;

const ENDED_EARLY = "The body ended early. Nothing was written.";
const DAMAGED = "The body is not valid gzip, or ended early. Nothing was written.";
const BOMB = `The gzip body expands to more than ${MAX_RATIO} times its size. Send it uncompressed.`;

/**
 * Returns the body's bytes, decompressed. The stream fails when `signal` aborts, when the body ends early, and when the gzip
 * is damaged or a bomb. The body itself is never destroyed, so that its connection can still carry the response.
 */
export function bodyBytes(
  body: Readable,
  isGzip: boolean,
  signal: AbortSignal,
): AsyncIterable<Buffer> {
  const received = new PassThrough();
  ignoreErrors(received);
  finished(body, { writable: false }, (error) => {
    if (error) received.destroy(asDocketError(error, ENDED_EARLY));
  });
  body.pipe(received);
  const bytes = isGzip ? decompress(received) : received;
  const onAbort = (): void => {
    bytes.destroy(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    received.destroy();
  };
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  bytes.once("close", () => {
    signal.removeEventListener("abort", onAbort);
    body.unpipe(received);
  });
  return bytes;
}

function decompress(compressed: PassThrough): Readable {
  const gunzip = createGunzip();
  const guard = bombGuard(compressed);
  ignoreErrors(guard);
  const fail = (error: Error): void => {
    compressed.destroy();
    gunzip.destroy();
    guard.destroy(asDocketError(error, DAMAGED));
  };
  compressed.once("error", fail);
  gunzip.once("error", fail);
  guard.once("close", () => {
    compressed.destroy();
    gunzip.destroy();
  });
  compressed.pipe(gunzip).pipe(guard);
  return guard;
}

/** Passes bytes on until they exceed the allowed multiple of what was read from `compressed`. */
function bombGuard(compressed: Readable): Transform {
  let bytesIn = 0;
  let bytesOut = 0;
  compressed.on("data", (chunk: Buffer) => (bytesIn += chunk.length));
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytesOut += chunk.length;
      const isBomb = bytesOut > RATIO_FROM_BYTES && bytesOut > bytesIn * MAX_RATIO;
      done(isBomb ? new DocketError("payload_too_large", BOMB) : null, chunk);
    },
  });
}

/** The reader of the stream receives its error; without a listener, the error would also end the process. */
const ignoreErrors = (stream: Readable): void => void stream.on("error", () => undefined);

const asDocketError = (error: Error, detail: string): DocketError =>
  error instanceof DocketError ? error : new DocketError("bad_request", detail, { cause: error });
