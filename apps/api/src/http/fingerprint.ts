import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { finished } from "node:stream/promises";
import { DocketError } from "@docket/domain";
import { discardBody } from "./discard-body.ts";

/** What makes two requests the same: query, content type and the bytes of the body (contract §1). */
export type Fingerprint = {
  /** Of a request whose body was read. @throws DocketError `bad_request` when much of it was left unread. */
  readonly digest: () => Promise<string>;
  /** Reads the body only to hash it. @throws DocketError `bad_request` when it breaks off. */
  readonly digestUnread: () => Promise<string>;
};

/** Begins to hash `request` as it is read, by whomever; to be called before anybody reads. */
export function takeFingerprint(request: IncomingMessage, url: string): Fingerprint {
  const hash = createHash("sha256");
  const query = url.includes("?") ? url.slice(url.indexOf("?") + 1) : "";
  hash.update(JSON.stringify([query, request.headers["content-type"] ?? ""]));
  // Every way of reading a stream (a pipe, a listener, an iterator) has each chunk go by as "data". To listen for it would set
  // the stream flowing, and bytes would be lost before their reader is there.
  const emit = request.emit.bind(request) as (event: string, ...values: unknown[]) => boolean;
  const watch = (event: string, ...values: unknown[]): boolean => {
    if (event === "data") hash.update(values[0] as Buffer);
    return emit(event, ...values);
  };
  request.emit = watch as typeof request.emit;
  const sum = (): string => hash.copy().digest("hex");

  return {
    digest: async () => {
      // What is behind the end of a gzip, say: nobody has read it, and yet it is part of the request.
      if (await discardBody(request)) return sum();
      throw brokenOff();
    },
    digestUnread: async () => {
      request.resume();
      try {
        await finished(request, { writable: false });
      } catch (error) {
        throw error instanceof DocketError ? error : brokenOff(error);
      }
      return sum();
    },
  };
}

const brokenOff = (cause?: unknown): DocketError =>
  new DocketError("bad_request", "The body broke off.", { cause });
