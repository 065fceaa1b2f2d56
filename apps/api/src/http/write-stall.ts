import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The part of Node's handle that says how many bytes the kernel has not taken yet. */
type Handle = { readonly writeQueueSize?: number };

/** Samples without progress after which a connection is closed. */
const SAMPLES = 2;

/**
 * Closes the connection of a client that reads nothing of its response for `stallMs`, or up to half as long again.
 *
 * A client that reads slowly is left alone. Without bytes that wait, it is the server that takes its time, and nothing is closed.
 * (The timeout of a socket would not do: what the client sends counts as activity there.)
 */
export function limitWriteStall(response: ServerResponse, stallMs: number): void {
  let last = "";
  let stalled = 0;
  const timer = setInterval(() => {
    const { socket } = response;
    if (socket === null) return;
    const state = writeState(socket);
    stalled = socket.writableLength > 0 && state === last ? stalled + 1 : 0;
    last = state;
    if (stalled >= SAMPLES) socket.destroy();
  }, stallMs / SAMPLES).unref();
  response.once("close", () => clearInterval(timer));
}

/** Changes with every byte that the kernel takes. */
function writeState(socket: Socket): string {
  const { writeQueueSize = 0 } =
    (socket as unknown as { readonly _handle: Handle | null })._handle ?? {};
  return `${socket.bytesWritten} ${socket.writableLength} ${writeQueueSize}`;
}
