import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { DocketError } from "@docket/domain";

const WINDOW_MS = 30_000;
const SAMPLES_PER_WINDOW = 30;

/**
 * Ends a body that arrives too slowly: in each window of 30 s, at least `bytesPerSecond` for the time in which the server waited
 * for the client. The server sets no time limit on bodies (http/server.ts), since a long upload is legitimate. Time in which `body`
 * is not read does not count: a client does not pay for the wait for a permit or for a slow database.
 *
 * The body then fails with a DocketError `bad_request`.
 */
export function requireMinimumRate(
  request: IncomingMessage,
  body: Readable,
  bytesPerSecond: number,
  windowMs: number = WINDOW_MS,
): void {
  let samples = 0;
  let starved = 0;
  let bytesBefore = request.socket.bytesRead;
  const timer = setInterval(() => {
    samples += 1;
    if (isStarved(body)) starved += 1;
    if (samples < SAMPLES_PER_WINDOW) return;
    const { bytesRead } = request.socket;
    const secondsWaited = (starved / SAMPLES_PER_WINDOW) * (windowMs / 1_000);
    if (bytesRead - bytesBefore < secondsWaited * bytesPerSecond)
      body.destroy(tooSlow(bytesPerSecond));
    [samples, starved, bytesBefore] = [0, 0, bytesRead];
  }, windowMs / SAMPLES_PER_WINDOW);
  timer.unref();
  body.once("close", () => clearInterval(timer));
}

const tooSlow = (bytesPerSecond: number): DocketError =>
  new DocketError(
    "bad_request",
    `The body must arrive with at least ${bytesPerSecond / 1_024} KiB per second on average.`,
  );

/** True when there is a reader, through a pipe or an iterator, and nothing to read. */
const isStarved = (body: Readable): boolean =>
  body.readableLength === 0 &&
  (body.readableFlowing === true || body.listenerCount("readable") > 0);
