import type { Readable } from "node:stream";

/** What a handler answers. Not a response of Express: a reply can be stored and sent again. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown;
  /** Sent instead of `body`, in constant memory; only a GET has one. If it fails, the connection is closed. */
  readonly stream?: Readable;
};
