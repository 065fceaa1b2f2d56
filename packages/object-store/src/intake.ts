import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Payload } from "./authenticate.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import { createChecksums } from "./checksums.ts";
import { S3Error } from "./s3-error.ts";

/** A body that is being read. Only when `finish` has returned is it what the client signed. */
export type Intake = {
  readonly data: AsyncIterable<Buffer>;
  readonly finish: () => Received;
};

export type Received = {
  readonly bytes: number;
  /** Hex; "" when it was not asked for. */
  readonly md5: string;
  readonly checksums: Readonly<Record<string, string>>;
};

/** S3's limit for one request: 5 GiB. */
const MAX_BYTES = 5 * 1024 ** 3;

/**
 * Opens a request's body: the framing is taken off, length, payload hash and checksums are compared at the end.
 *
 * Hashes are taken only where they are needed: SHA-256 (0.5 ms a MB) for a payload that was signed with it, MD5 (twice as much) where
 * an ETag has to be one.
 * @throws S3Error MissingContentLength, EntityTooLarge, NotImplemented
 */
export function openIntake(request: IncomingMessage, payload: Payload, withMd5: boolean): Intake {
  const { headers } = request;
  const announced =
    payload.kind === "chunked"
      ? headers["x-amz-decoded-content-length"]
      : headers["content-length"];
  if (typeof announced !== "string" || !/^\d{1,15}$/.test(announced))
    throw new S3Error("MissingContentLength");
  const length = Number(announced);
  if (length > MAX_BYTES) throw new S3Error("EntityTooLarge");

  const trailers = new Map<string, string>();
  const checksums = createChecksums(headers);
  const sha256 = payload.kind === "whole" ? createHash("sha256") : undefined;
  const md5 = withMd5 ? createHash("md5") : undefined;
  let bytes = 0;

  async function* read(): AsyncGenerator<Buffer> {
    // Left open when reading stops early: the answer goes over the same connection.
    const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const data of payload.kind === "chunked"
      ? decodeAwsChunked(body, trailers, payload.verifier)
      : body) {
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
      if (payload.kind === "whole" && payload.sha256 !== sha256?.digest("hex"))
        throw new S3Error("XAmzContentSHA256Mismatch");
      return {
        bytes,
        md5: md5?.digest("hex") ?? "",
        checksums: checksums.finish(trailers),
      };
    },
  };
}

/** A whole small body as text. @throws S3Error EntityTooLarge */
export async function readText(
  request: IncomingMessage,
  payload: Payload,
  limitBytes: number,
): Promise<string> {
  const intake = openIntake(request, payload, false);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const data of intake.data) {
    bytes += data.length;
    if (bytes > limitBytes) throw new S3Error("EntityTooLarge");
    pieces.push(data);
  }
  intake.finish();
  return Buffer.concat(pieces).toString("utf8");
}
