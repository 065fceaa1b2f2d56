import type { ServerResponse } from "node:http";

/**
 * Closes the connection of a client that stops reading its response for `stallMs`.
 *
 * Node reports a timeout when a socket was idle: for a socket with a queue, when the queue did not shrink. A client that reads
 * slowly is therefore left alone. Without a queue it is the server that takes its time, and nothing is closed.
 */
export function limitWriteStall(response: ServerResponse, stallMs: number): void {
  // Half, because the first timeout after the last progress only notices that there was progress.
  response.setTimeout(stallMs / 2, () => {
    const { socket } = response;
    if (socket !== null && socket.writableLength > 0) socket.destroy();
  });
}
