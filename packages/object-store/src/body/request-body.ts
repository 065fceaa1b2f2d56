import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";

import { S3Error } from "../s3-error.ts";
import type { Payload } from "../signing/authenticate.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import { createChecksums } from "./checksums.ts";

/** A body that is being read. It is verified only when `finish` has returned. */
export type RequestBody = {
  readonly data: AsyncIterable<Buffer>;
  /** Call it after all data has been read. @throws S3Error when the body is not what the client announced. */
  readonly finish: () => VerifiedBody;
};

export type VerifiedBody = {
  readonly bytes: number;
  /** In hex; empty when it was not requested. */
  readonly md5: string;
  readonly checksums: Readonly<Record<string, string>>;
};

/** S3's limit for one request: 5 GiB. */
const MAX_BYTES = 5 * 1024 ** 3;

/**
 * Opens a request's body: removes its framing, and verifies its length, hash and checksums at the end.
 *
 * Computes only the hashes that are needed: SHA-256 (0.5 ms/MB) for a payload that is signed with it, and MD5 (1 ms/MB)
 * where clients expect it as the ETag.
 *
 * @throws S3Error MissingContentLength, EntityTooLarge, NotImplemented
 */
export function openBody(
  request: IncomingMessage,
  payload: Payload,
  withMd5: boolean,
): RequestBody {
  const length = announcedLength(request, payload);
  const trailers = new Map<string, string>();
  const checksums = createChecksums(request.headers);
  const sha256 = payload.kind === "whole" ? createHash("sha256") : undefined;
  const md5 = withMd5 ? createHash("md5") : undefined;
  let bytes = 0;

  async function* read(): AsyncGenerator<Buffer> {
    // The request must stay open when reading stops early, because the answer uses the same connection.
    const raw = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    const decoded =
      payload.kind === "chunked" ? decodeAwsChunked(raw, trailers, payload.verifier) : raw;
    for await (const data of decoded) {
      bytes += data.length;
      if (bytes > length) throw new S3Error("IncompleteBody");
      sha256?.update(data);
      md5?.update(data);
      checksums.update(data);
      yield data;
    }
  }

  return {
    data: read(),
    finish: () => {
      if (bytes !== length) throw new S3Error("IncompleteBody");
      if (payload.kind === "whole" && payload.sha256 !== sha256?.digest("hex")) {
        throw new S3Error("XAmzContentSHA256Mismatch");
      }
      return { bytes, md5: md5?.digest("hex") ?? "", checksums: checksums.finish(trailers) };
    },
  };
}

function announcedLength({ headers }: IncomingMessage, payload: Payload): number {
  const text =
    payload.kind === "chunked"
      ? headers["x-amz-decoded-content-length"]
      : headers["content-length"];
  if (typeof text !== "string" || !/^\d{1,15}$/.test(text)) {
    throw new S3Error("MissingContentLength");
  }
  const length = Number(text);
  if (length > MAX_BYTES) throw new S3Error("EntityTooLarge");
  return length;
}

/** Reads a small body as text. @throws S3Error EntityTooLarge */
export async function readText(
  request: IncomingMessage,
  payload: Payload,
  maxBytes: number,
): Promise<string> {
  const body = openBody(request, payload, false);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const data of body.data) {
    bytes += data.length;
    if (bytes > maxBytes) throw new S3Error("EntityTooLarge");
    chunks.push(data);
  }
  body.finish();
  return Buffer.concat(chunks).toString("utf8");
}
