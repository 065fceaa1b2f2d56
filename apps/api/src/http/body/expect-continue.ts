import type { IncomingMessage, ServerResponse } from "node:http";

const held = new WeakMap<IncomingMessage, ServerResponse>();

/**
 * Holds back `100 Continue` until the body is read. A client that is refused by its headers alone (token, dispute, media type,
 * announced size) then never sends the file.
 */
export function holdContinue(request: IncomingMessage, response: ServerResponse): void {
  held.set(request, response);
}

/** Sends the `100 Continue` that was held back, if any. To be called before the first read of a body. */
export function sendContinue(request: IncomingMessage): void {
  const response = held.get(request);
  held.delete(request);
  response?.writeContinue();
}

/** True while the client waits for `100 Continue`: no byte of the body is on its way. */
export const awaitsContinue = (request: IncomingMessage): boolean => held.has(request);
