import { createHash, type Hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { DocketError } from "@docket/domain";
import { discardBody } from "./discard.ts";
import { openBody } from "./stream.ts";

/** The SHA-256 of what makes two requests the same: query, content type and body bytes (docs/api.md §1, "Idempotency"). */
export type Fingerprint = {
  /** For a request whose handler has read the body. @throws DocketError `bad_request` when much of it is still unread. */
  readonly digest: () => Promise<string>;
  /** For a request whose body is only hashed. @throws DocketError `bad_request` when the body is incomplete. */
  readonly digestUnread: () => Promise<string>;
};

/** The fingerprint of a request whose whole body was read. */
export function fingerprintOf(request: IncomingMessage, bytes: Buffer): Fingerprint {
  const digest = async (): Promise<string> => startHash(request).update(bytes).digest("hex");
  return { digest, digestUnread: digest };
}

/** Opens the body of a request and hashes it as it is read, in constant memory. */
export function openHashedBody(request: IncomingMessage): {
  readonly body: Readable;
  readonly fingerprint: Fingerprint;
} {
  const hash = startHash(request);
  const addChunk = (chunk: Buffer): void => void hash.update(chunk);
  const body = openBody(request, addChunk);
  const sum = (): string => hash.copy().digest("hex");

  const digest = async (): Promise<string> => {
    // Bytes after the end of a gzip stream, for instance: the handler ignores them, but they are part of the request.
    body.destroy();
    if (await discardBody(request, addChunk)) return sum();
    throw new DocketError("bad_request", "The body is incomplete, or continues after its end.");
  };
  const digestUnread = async (): Promise<string> => {
    await finished(body.resume());
    return sum();
  };
  return { body, fingerprint: { digest, digestUnread } };
}

function startHash({ url = "", headers }: IncomingMessage): Hash {
  const query = url.includes("?") ? url.slice(url.indexOf("?") + 1) : "";
  return createHash("sha256").update(JSON.stringify([query, headers["content-type"] ?? ""]));
}
