import type { Readable } from "node:stream";

/** JSON that is already serialized, in UTF-8. */
export class JsonBytes {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** What a handler answers. Not a response of Express: a reply can be stored and sent again. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as they are if they are `JsonBytes`; absent: no body. */
  readonly body?: unknown;
  /** The body holds a secret: if it is kept for an idempotency key, it is encrypted. */
  readonly isSecret?: boolean;
  /** Sent instead of `body`, in constant memory; only a GET has one. If it fails, the connection is closed. */
  readonly stream?: Readable;
};
