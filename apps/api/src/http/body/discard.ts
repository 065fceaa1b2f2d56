import type { IncomingMessage } from "node:http";
import { finished } from "node:stream/promises";
import { awaitsContinue } from "./expect-continue.ts";
import { hasBody } from "./has-body.ts";

/** How much of a body is discarded at a time. */
const STEP_BYTES = 1_048_576;
const STEP_MS = 2_000;
/** Longer after a response: on a busy machine, many clients that are refused at once send their files at the same time. */
const LINGER_STEP_MS = 10_000;

/** More than the largest file that is accepted, so that a client that sends too large a file usually learns why it was refused. */
const MAX_LINGER_STEPS = 64;

/**
 * Reads and discards what the client is still sending, up to 1 MiB or 2 s.
 *
 * @param onChunk sees every discarded chunk.
 * @returns true at the end of the body; false when the connection cannot be used again.
 */
export const discardBody = async (
  request: IncomingMessage,
  onChunk?: (chunk: Buffer) => void,
): Promise<boolean> => (await discardStep(request, STEP_MS, onChunk)) === "ended";

/**
 * Reads and discards after a response was written, for as long as the client sends 1 MiB in 10 s, and up to 64 MiB. Some clients
 * read nothing before they have sent everything (nginx has `lingering_time` for them).
 *
 * Closing a connection on which the client is still sending resets it, and a response that the client has not read is lost.
 */
export async function lingerAfterResponse(request: IncomingMessage): Promise<void> {
  for (let step = 0; step < MAX_LINGER_STEPS; step += 1)
    if ((await discardStep(request, LINGER_STEP_MS)) !== "full") return;
}

async function discardStep(
  request: IncomingMessage,
  limitMs: number,
  onChunk?: (chunk: Buffer) => void,
): Promise<"ended" | "full" | "stopped"> {
  if (!hasBody(request) || request.readableEnded) return "ended";
  if (request.destroyed || awaitsContinue(request)) return "stopped";
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    onChunk?.(chunk);
    bytes += chunk.length;
    if (bytes > STEP_BYTES) limit.abort();
  };
  request.on("data", onData).resume();
  try {
    await finished(request, { writable: false, signal: limit.signal, cleanup: true });
    return "ended";
  } catch {
    return bytes > STEP_BYTES ? "full" : "stopped";
  } finally {
    clearTimeout(timer);
    request.off("data", onData);
  }
}
