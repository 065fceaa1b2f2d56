import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { DocketError } from "@docket/domain";

const INTERVAL_MS = 30_000;
const MIN_BYTES_PER_INTERVAL = 1_024;

/**
 * Closes the connection of a client that sends less than 1 KiB in 30 s while the server waits for it. The server sets no time
 * limit on bodies (http/server.ts), since a long upload is legitimate. Time in which `body` is not read does not count.
 */
export function limitIdleness(
  request: IncomingMessage,
  body: Readable,
  intervalMs: number = INTERVAL_MS,
): void {
  let before = request.socket.bytesRead;
  const timer = setInterval(() => {
    const { bytesRead } = request.socket;
    if (isStarved(body) && bytesRead - before < MIN_BYTES_PER_INTERVAL) {
      request.destroy(new DocketError("bad_request", "The client stopped sending the body."));
    }
    before = bytesRead;
  }, intervalMs);
  timer.unref();
  body.once("close", () => clearInterval(timer));
}

/** True when there is a reader, through a pipe or an iterator, and nothing to read. */
const isStarved = (body: Readable): boolean =>
  body.readableLength === 0 &&
  (body.readableFlowing === true || body.listenerCount("readable") > 0);
