import { Transform, type Readable } from "node:stream";
import { DocketError } from "@docket/domain";
import { createFileCheck, type Announced, type FileSum } from "./file-check.ts";

/** A file on its way from the client to the store. */
export type EvidenceBody = {
  /** The checked bytes. Fails with a DocketError as soon as the file is found to be invalid. */
  readonly stream: Transform;
  /** Resolves when the first bytes match the type. Until then nothing is passed on. */
  readonly started: Promise<void>;
  /** Valid after the stream has ended. */
  readonly sum: () => FileSum;
  /** True once the last byte was passed on: from then on the store may keep the object even if it reports an error. */
  readonly isComplete: () => boolean;
  /** Fails the stream. Only the first error counts. */
  readonly stop: (error: Error) => void;
};

/**
 * Checks a file while it streams from `source`, in constant memory.
 *
 * `source` is not part of a `pipeline`, which would destroy the request, and its response with it, when the store fails.
 */
export function receiveBody(source: Readable, announced: Announced): EvidenceBody {
  const check = createFileCheck(announced);
  const { promise: started, resolve: start, reject: fail } = withResolvers();
  let isComplete = false;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      attempt(done, () => {
        const passed = check.push(chunk);
        if (check.isSniffed()) start();
        return passed;
      });
    },
    flush(done) {
      attempt(done, () => {
        const last = check.end();
        start();
        isComplete = true;
        return last;
      });
    },
  });
  stream.once("error", (error) => {
    source.unpipe(stream);
    fail(error);
  });
  const stop = (error: Error): void => void stream.destroy(error);
  forward(source, stream, stop);
  return { stream, started, sum: check.sum, isComplete: () => isComplete, stop };
}

type Done = (error?: Error | null, data?: Buffer) => void;

function attempt(done: Done, work: () => Buffer | undefined): void {
  let data: Buffer | undefined;
  try {
    data = work();
  } catch (error) {
    return done(error as Error);
  }
  done(null, data);
}

/** Pipes `source` into `stream`, and its early end as an error. */
function forward(source: Readable, stream: Transform, stop: (error: Error) => void): void {
  // Later errors than the first must not end the process.
  stream.on("error", () => undefined);
  const onIncomplete = (): void => stop(new DocketError("bad_request", "The body is incomplete."));
  source.once("error", (error) => (error instanceof DocketError ? stop(error) : onIncomplete()));
  source.once("close", () => {
    if (!source.readableEnded) onIncomplete();
  });
  if (source.destroyed && !source.readableEnded) onIncomplete();
  else source.pipe(stream);
}

/** A promise whose rejection may be ignored. */
function withResolvers(): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
} {
  let resolve = (): void => undefined;
  let reject = (_error: Error): void => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
