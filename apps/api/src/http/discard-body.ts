import type { IncomingMessage } from "node:http";
import { hasBody } from "./body.ts";
import { isHeldBack } from "./expect-continue.ts";

type Limits = { readonly bytes: number; readonly ms: number };

/** What is read of a refused body before the answer, so that the connection can be used again. */
const BEFORE_ANSWER: Limits = { bytes: 1_048_576, ms: 2_000 };
/** How long callers who first send and then listen may go on after the answer, as with nginx's lingering_time. */
const AFTER_ANSWER: Limits = { bytes: Number.POSITIVE_INFINITY, ms: 30_000 };

/**
 * Reads and forgets what a caller is still sending, up to 1 MiB or 2 s.
 *
 * @returns true when the body has come to its end; if not, the connection cannot be used again.
 */
export const discardBody = (request: IncomingMessage): Promise<boolean> =>
  readAndForget(request, BEFORE_ANSWER);

/**
 * Reads on behind an answer that has been written, until the caller has sent all, has hung up, or 30 s are over.
 *
 * To close while a caller is still sending resets the connection, and an answer that was not read yet is lost with it.
 */
export async function lingerAfterAnswer(request: IncomingMessage): Promise<void> {
  await readAndForget(request, AFTER_ANSWER);
}

async function readAndForget(request: IncomingMessage, limits: Limits): Promise<boolean> {
  if (!hasBody(request) || request.readableEnded) return true;
  if (request.destroyed || isHeldBack(request)) return false;
  return new Promise((resolve) => {
    let bytes = 0;
    const settle = (whole: boolean) => (): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone);
      resolve(whole);
    };
    const onEnd = settle(true);
    const onGone = settle(false);
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > limits.bytes) onGone();
    };
    const timer = setTimeout(onGone, limits.ms);
    request.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone);
    request.resume();
  });
}
