import { once } from "node:events";
import { pipeline, Transform, type Readable } from "node:stream";
import { createFileCheck, type Announced, type FileSum } from "./file-check.ts";

/** A file on its way from the client to the store. */
export type ReceivedFile = {
  /** The checked bytes. Fails with a DocketError as soon as the file is found to be invalid. */
  readonly stream: Readable;
  /** Resolves when the first bytes match the type. Until then nothing is passed on. */
  readonly started: Promise<unknown>;
  /** Valid after the stream has ended. */
  readonly sum: () => FileSum;
  /** True once the last byte was passed on: from then on the store may keep the object even if it reports an error. */
  readonly isComplete: () => boolean;
};

export type ReceiveOptions = {
  /** Resolves when a chunk of this length may be handled. */
  readonly nextTurn: (bytes: number) => Promise<void>;
  readonly signal: AbortSignal;
};

const STARTED = "started";

const ignore = (): void => undefined;

/**
 * Checks a file while it streams from `body`, in constant memory. Each chunk waits for `nextTurn`.
 * Fails with the reason of `signal` when it aborts.
 */
export function receiveFile(
  body: Readable,
  announced: Announced,
  { nextTurn, signal }: ReceiveOptions,
): ReceivedFile {
  const check = createFileCheck(announced);
  let isComplete = false;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const push = (): Buffer | undefined => {
        const checked = check.push(chunk);
        if (check.isSniffed()) stream.emit(STARTED);
        return checked;
      };
      // The upload may have been aborted meanwhile.
      void nextTurn(chunk.length).then(() => (stream.destroyed ? done() : attempt(done, push)));
    },
    flush(done) {
      attempt(done, () => {
        const last = check.end();
        stream.emit(STARTED);
        isComplete = true;
        return last;
      });
    },
  });
  const started = once(stream, STARTED);
  // The reader of the stream gets its error as well.
  started.catch(ignore);
  pipeline(body, stream, ignore);
  const onAbort = (): void => void stream.destroy(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return { stream, started, sum: check.sum, isComplete: () => isComplete };
}

/** Completes a step of a Transform with the result of `work`, or with its error. */
function attempt(
  done: (error?: Error | null, data?: Buffer) => void,
  work: () => Buffer | undefined,
): void {
  let data: Buffer | undefined;
  try {
    data = work();
  } catch (error) {
    return done(error as Error);
  }
  done(null, data);
}
