import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestHandler } from "express";
import { contentLengthOf } from "./body/content-length.ts";
import type { Turns } from "./turns.ts";

/** Slows the work on bulk bodies down while short requests are in flight, so that these do not wait for a processor. */
export type BulkPacing = {
  /** Counts the short requests. */
  readonly countRequests: RequestHandler;
  /**
   * Passes on the chunks of a bulk body as `Turns` admits them, and pauses after each if a short request is in flight.
   *
   * @param request the tenant and the headers of the request that the body belongs to. It does not pause for this request.
   */
  readonly pace: (
    chunks: AsyncIterable<Buffer>,
    request: { readonly tenantId: string; readonly headers: IncomingHttpHeaders },
  ) => AsyncGenerator<Buffer>;
};

/** A request with a body below this is short. A chunked one is until it has sent so much. */
export const BULK_BYTES = 1_048_576;

/** After this, a request waits for something else than a processor: a lock, a store, or a client that reads slowly. */
const SHORT_MS = 1_000;

/** A chunk that itself waited for a processor or for a lock does not stop the body for long. */
const MAX_PAUSE_MS = 100;

/** Milliseconds. */
export type Clock = {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
};

const processClock: Clock = { now: () => performance.now(), sleep };

type ShortRequest = {
  readonly startedAt: number;
  readonly socket: Pick<Socket, "bytesRead">;
  /** What the connection had received when the request began. */
  readonly bytesRead: number;
};

export function createBulkPacing(
  turns: Turns,
  { now, sleep: pause }: Clock = processClock,
): BulkPacing {
  /** The short requests in flight by their headers, the oldest first. */
  const inFlight = new Map<IncomingHttpHeaders, ShortRequest>();
  let bodies = 0;
  const isBusy = (): boolean => {
    const since = now() - SHORT_MS;
    for (const [headers, { startedAt, socket, bytesRead }] of inFlight) {
      if (startedAt > since && socket.bytesRead - bytesRead < BULK_BYTES) return true;
      inFlight.delete(headers);
    }
    return false;
  };
  return {
    countRequests: ({ headers, socket }, response, next) => {
      if (isShort(headers)) {
        inFlight.set(headers, { startedAt: now(), socket, bytesRead: socket.bytesRead });
        response.once("close", () => inFlight.delete(headers));
      }
      next();
    },
    pace: async function* pace(chunks, { tenantId, headers }) {
      inFlight.delete(headers);
      bodies += 1;
      try {
        for await (const chunk of chunks) {
          const startedAt = now();
          yield chunk;
          const workedMs = now() - startedAt;
          await turns.next(tenantId, chunk.length);
          // All bulk bodies together work for at most half of the time, however many they are.
          if (isBusy()) await pause(Math.min(workedMs * bodies, MAX_PAUSE_MS));
        }
      } finally {
        bodies -= 1;
      }
    },
  };
}

const isShort = (headers: IncomingHttpHeaders): boolean =>
  (contentLengthOf(headers) ?? 0) < BULK_BYTES;
