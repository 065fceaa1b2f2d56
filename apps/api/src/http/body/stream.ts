import type { IncomingMessage } from "node:http";
import { finished, Readable } from "node:stream";
import { DocketError } from "@docket/domain";
import { sendContinue } from "./expect-continue.ts";

const ignore = (): void => undefined;

/**
 * The body of `request` as a stream that may be destroyed: the request and its connection stay intact and can carry the response.
 *
 * Nothing is read, and no `100 Continue` is sent, before the first read. Fails with a DocketError when the client stops sending.
 * @param onChunk sees every chunk before the reader does.
 */
export function openBody(
  request: IncomingMessage,
  onChunk: (chunk: Buffer) => void = ignore,
): Readable {
  let isReading = false;
  const onData = (chunk: Buffer): void => {
    onChunk(chunk);
    if (!body.push(chunk)) request.pause();
  };
  const body = new Readable({
    read: () => {
      if (!isReading) {
        isReading = true;
        sendContinue(request);
        request.on("data", onData);
      }
      request.resume();
    },
    destroy: (error, done) => {
      unwatch();
      // A request that was never read is left alone: Node then discards its body after the response.
      if (isReading) request.off("data", onData).pause();
      done(error);
    },
  });
  // A client may hang up while nothing reads the body: without a listener, that error would end the process.
  body.on("error", ignore);
  const unwatch = finished(request, { writable: false }, (error) => {
    if (error) body.destroy(error instanceof DocketError ? error : incompleteBody(error));
    else body.push(null);
  });
  return body;
}

/** The client closed the connection, or stopped, before the end of the body. */
export const incompleteBody = (cause?: unknown): DocketError =>
  new DocketError("bad_request", "The body is incomplete.", { cause });
