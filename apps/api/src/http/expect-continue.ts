import type { IncomingMessage, ServerResponse } from "node:http";

const waiting = new WeakSet<IncomingMessage>();

/**
 * Sends `100 Continue` when somebody begins to read the body, and not before, as Node would by itself: whoever is refused by
 * the headers alone (token, dispute, type, announced size) never sends a file in vain.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  waiting.add(request);
  const read = request._read.bind(request);
  request._read = (size) => {
    request._read = read;
    waiting.delete(request);
    // Node itself reads what is left of a request that was answered.
    if (!response.headersSent) response.writeContinue();
    read(size);
  };
}

/** True while the caller holds the body back. */
export const isHeldBack = (request: IncomingMessage): boolean => waiting.has(request);
