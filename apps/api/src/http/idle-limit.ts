import type { IncomingMessage } from "node:http";
import { DocketError } from "@docket/domain";

const EVERY_MS = 30_000;
/** What a caller who is waited for must send in that time. */
const LEAST_BYTES = 1_024;

/**
 * Hangs up on a caller of a streaming route who sends too little: the server has no time limit of its own on bodies
 * (see server.ts), since a long upload is no fault. Time in which we ourselves do not read does not count.
 */
export function limitIdleness(request: IncomingMessage, everyMs: number = EVERY_MS): void {
  let before = request.socket.bytesRead;
  const timer = setInterval(() => {
    const { bytesRead } = request.socket;
    if (isWaiting(request) && bytesRead - before < LEAST_BYTES) {
      request.destroy(new DocketError("bad_request", "The body stopped coming."));
    }
    before = bytesRead;
  }, everyMs);
  timer.unref();
  const stop = (): void => clearInterval(timer);
  request.once("end", stop).once("close", stop);
}

/** True when somebody reads (through a pipe, or by iterating) and there is nothing to be read. */
const isWaiting = (request: IncomingMessage): boolean =>
  request.readableLength === 0 &&
  (request.readableFlowing === true || request.listenerCount("readable") > 0);
