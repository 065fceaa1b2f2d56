import type { IncomingMessage } from "node:http";
import { hasBody } from "./body.ts";
import { isHeldBack } from "./expect-continue.ts";

const MOST_BYTES = 1_048_576;
const MOST_MS = 2_000;

/**
 * Reads and forgets what a caller is still sending, up to 1 MiB or 2 s.
 *
 * A refusal that goes out while the caller is still sending can be lost: the connection is reset before the caller looks.
 * @returns true when the body has come to its end; if not, the connection cannot be used again.
 */
export async function discardBody(request: IncomingMessage): Promise<boolean> {
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
      if (bytes > MOST_BYTES) onGone();
    };
    const timer = setTimeout(onGone, MOST_MS);
    request.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone);
    request.resume();
  });
}
