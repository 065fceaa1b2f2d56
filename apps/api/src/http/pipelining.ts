import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Clients that pipeline are rare, and send a few requests ahead. */
const MAX_UNANSWERED = 32;

/**
 * Handles the requests of a connection one after the other. Node starts pipelined requests at once: a client that never reads
 * would make the server hold all their responses. A connection with more than 32 unanswered requests is closed.
 */
export function oneAtATime(handler: RequestListener): RequestListener {
  const unanswered = new WeakMap<Socket, ServerResponse[]>();
  return (request, response) => {
    const { socket } = request;
    const responses = unanswered.get(socket) ?? [];
    unanswered.set(socket, responses);
    const previous = responses.at(-1);
    if (responses.push(response) > MAX_UNANSWERED) {
      socket.destroy();
      return;
    }
    response.once("close", () => responses.splice(responses.indexOf(response), 1));
    const start = (): void => {
      if (!socket.destroyed) handler(request, response);
    };
    if (previous === undefined) start();
    else previous.once("close", start);
  };
}
