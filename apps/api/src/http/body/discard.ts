import type { IncomingMessage } from "node:http";
import { finished } from "node:stream/promises";
import { awaitsContinue } from "./expect-continue.ts";
import { hasBody } from "./has-body.ts";

type Limits = { readonly bytes: number; readonly ms: number };

/** Before a response, so that the connection can be used again. */
const BEFORE_RESPONSE: Limits = { bytes: 1_048_576, ms: 2_000 };
/** After a response, as nginx's `lingering_time`: some clients read nothing before they have sent everything. */
const AFTER_RESPONSE: Limits = { bytes: Number.POSITIVE_INFINITY, ms: 30_000 };

/**
 * Reads and discards what the client is still sending, up to 1 MiB or 2 s.
 *
 * @param onChunk sees every discarded chunk.
 * @returns true at the end of the body; false when the connection cannot be used again.
 */
export const discardBody = (
  request: IncomingMessage,
  onChunk?: (chunk: Buffer) => void,
): Promise<boolean> => discard(request, BEFORE_RESPONSE, onChunk);

/**
 * Reads and discards after a response was written, until the client has sent everything or hung up, or after 30 s.
 *
 * Closing a connection on which the client is still sending resets it, and a response that the client has not read is lost.
 */
export async function lingerAfterResponse(request: IncomingMessage): Promise<void> {
  await discard(request, AFTER_RESPONSE);
}

async function discard(
  request: IncomingMessage,
  limits: Limits,
  onChunk?: (chunk: Buffer) => void,
): Promise<boolean> {
  if (!hasBody(request) || request.readableEnded) return true;
  if (request.destroyed || awaitsContinue(request)) return false;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limits.ms);
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    onChunk?.(chunk);
    bytes += chunk.length;
    if (bytes > limits.bytes) limit.abort();
  };
  request.on("data", onData).resume();
  try {
    await finished(request, { writable: false, signal: limit.signal, cleanup: true });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    request.off("data", onData);
  }
}
