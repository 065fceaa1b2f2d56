import { Readable } from "node:stream";
import type { Audience, Message } from "./message.ts";

/** A client that reads a stream of events. */
export type Reader = {
  /** The body of the response. */
  readonly body: Readable;
  /** The last event that was sent to the reader, or that its filters left out. */
  readonly position: () => number;
  readonly moveTo: (seq: number) => void;
  /** Sends a message; an event at or before the position is left out. */
  readonly send: (message: Message) => void;
  /** Bytes that the client has not taken yet. */
  readonly backlog: () => number;
  /** Resolves when the client has taken most of what was sent, and when the stream has ended. */
  readonly drained: () => Promise<void>;
  readonly end: () => void;
  /** Closes the connection. The client continues after the last event that it has received. */
  readonly cutOff: () => void;
};

/** A client that resumes is sent this much ahead. */
const AHEAD_BYTES = 65_536;

/** A client with more unread bytes is cut off (docs/api.md §9). */
const MAX_BACKLOG_BYTES = 1_048_576;

/** Clients wait this long before they connect again. */
const OPENING = "retry: 2000\n\n";

export function createReader(audience: Audience): Reader {
  let position = 0;
  let isEnded = false;
  let onDrained: (() => void) | undefined;
  const wake = (): void => {
    onDrained?.();
    onDrained = undefined;
  };
  const body = new Readable({ highWaterMark: AHEAD_BYTES, read: wake });
  body.once("close", wake);
  body.push(OPENING);
  const push = (bytes: Buffer): void => {
    body.push(bytes);
    if (body.readableLength > MAX_BACKLOG_BYTES) body.destroy();
  };
  return {
    body,
    position: () => position,
    moveTo: (seq) => {
      position = Math.max(position, seq);
    },
    send: (message) => {
      const { seq } = message;
      if (body.destroyed || isEnded || (seq !== undefined && seq <= position)) return;
      if (seq !== undefined) position = seq;
      const bytes = message.bytesFor(audience);
      if (bytes !== undefined) push(bytes);
    },
    backlog: () => body.readableLength,
    drained: async () => {
      if (body.readableLength < AHEAD_BYTES || body.destroyed) return;
      await new Promise<void>((resolve) => {
        onDrained = resolve;
      });
    },
    end: () => {
      if (body.destroyed || isEnded) return;
      isEnded = true;
      body.push(null);
    },
    cutOff: () => body.destroy(),
  };
}
