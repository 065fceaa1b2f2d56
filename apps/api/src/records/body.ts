import { finished, PassThrough, Transform, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { DocketError } from "@docket/domain";

/** A gzip body may unpack to this many times its size: records rarely reach a fifth of it, bombs ten times as much. */
const MAX_RATIO = 100;
/** Below this many bytes the ratio says nothing. */
const RATIO_FROM_BYTES = 16 * 1024 * 1024;

const BROKEN_OFF = "The body stopped in the middle. Nothing was written.";
const DAMAGED = "The body is not valid gzip, or stopped in the middle. Nothing was written.";
const BOMB = `The gzip body unpacks to more than ${MAX_RATIO} times its size. Send it unpacked.`;

/**
 * The body's bytes, unpacked. Reading them ends with an error when `stop` aborts, when the body breaks off, or when its
 * gzip is damaged or a bomb. The body itself is never destroyed, so that its connection can still carry the answer.
 */
export function bodyBytes(body: Readable, gzip: boolean, stop: AbortSignal): AsyncIterable<Buffer> {
  const bytes = new PassThrough();
  // Without a listener a destroyed stream would end the process; whoever reads it gets the error as well.
  bytes.on("error", () => undefined);
  finished(body, { writable: false }, (error) => {
    if (error)
      bytes.destroy(
        error instanceof DocketError
          ? error
          : new DocketError("bad_request", BROKEN_OFF, { cause: error }),
      );
  });
  body.pipe(bytes);
  const unpacked = gzip ? unpack(bytes) : bytes;
  const onStop = (): void => {
    unpacked.destroy(stop.reason instanceof Error ? stop.reason : new Error("stopped"));
    bytes.destroy();
  };
  if (stop.aborted) onStop();
  stop.addEventListener("abort", onStop, { once: true });
  unpacked.once("close", () => {
    stop.removeEventListener("abort", onStop);
    body.unpipe(bytes);
  });
  return unpacked;
}

function unpack(packed: PassThrough): Readable {
  let taken = 0;
  let given = 0;
  const gunzip = createGunzip();
  packed.on("data", (chunk: Buffer) => (taken += chunk.length));
  const guarded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      given += chunk.length;
      const bomb = given > RATIO_FROM_BYTES && given > taken * MAX_RATIO;
      done(bomb ? new DocketError("payload_too_large", BOMB) : null, chunk);
    },
  });
  guarded.on("error", () => undefined);
  const fail = (error: Error): void => {
    packed.destroy();
    gunzip.destroy();
    guarded.destroy(
      error instanceof DocketError
        ? error
        : new DocketError("bad_request", DAMAGED, { cause: error }),
    );
  };
  packed.once("error", fail);
  gunzip.once("error", fail);
  guarded.once("close", () => {
    packed.destroy();
    gunzip.destroy();
  });
  packed.pipe(gunzip).pipe(guarded);
  return guarded;
}
