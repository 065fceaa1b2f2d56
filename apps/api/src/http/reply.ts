import type { Readable } from "node:stream";

/** JSON that is already serialized. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a handler answers. Not a response of Express: a reply can be stored and sent again. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is if it is a `JsonText`; absent: no body. */
  readonly body?: unknown;
  /** Sent instead of `body`, in constant memory; only a GET has one. If it fails, the connection is closed. */
  readonly stream?: Readable;
};
