import { createReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type { Bucket } from "../disk/bucket.ts";
import type { StoredObject } from "../disk/stored-object.ts";
import { quote, sendEmpty, type Exchange } from "../exchange.ts";
import { S3Error } from "../s3-error.ts";
import type { Query } from "../target.ts";
import { parseRange, type ByteRange } from "./byte-range.ts";
import { includesEtag, STORED_HEADERS } from "./object-headers.ts";

const READ_BYTES = 262_144;

/** GET and HEAD of an object, with a range, conditions on the ETag, and `response-…` overrides of its headers. */
export async function getObject({ request, response, target, buckets }: Exchange): Promise<void> {
  const bucket = buckets.get(target.bucket);
  const object = bucket.objects.get(target.key);
  if (object === undefined) throw new S3Error("NoSuchKey");
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = request.headers;
  if (ifMatch !== undefined && !includesEtag(ifMatch, object.etag)) {
    throw new S3Error("PreconditionFailed");
  }
  if (ifNoneMatch !== undefined && includesEtag(ifNoneMatch, object.etag)) {
    sendEmpty(response, 304, { etag: quote(object.etag) });
    return;
  }
  const range = parseRange(request.headers.range, object.bytes);
  const headers = responseHeaders(object, range, headerOverrides(target.query));
  // A checksum covers the whole object, and clients verify it only when they ask for it.
  if (range !== undefined || request.headers["x-amz-checksum-mode"] !== "ENABLED") {
    removeChecksums(headers);
  }

  const release = bucket.pin(object);
  try {
    response.writeHead(range === undefined ? 200 : 206, headers);
    if (request.method === "HEAD") response.end();
    else await sendBytes(response, bucket, object, range);
  } finally {
    release();
  }
}

function responseHeaders(
  object: StoredObject,
  range: ByteRange | undefined,
  overrides: Readonly<Record<string, string>>,
): Record<string, string | number> {
  const length = range === undefined ? object.bytes : range.last - range.first + 1;
  return {
    ...object.headers,
    ...overrides,
    // Browsers must not guess another type for a caller's file. S3 itself cannot send this header.
    "x-content-type-options": "nosniff",
    etag: quote(object.etag),
    "last-modified": new Date(object.lastModified).toUTCString(),
    "accept-ranges": "bytes",
    "content-length": length,
    ...(range !== undefined && {
      "content-range": `bytes ${range.first}-${range.last}/${object.bytes}`,
    }),
  };
}

async function sendBytes(
  response: ServerResponse,
  bucket: Bucket,
  object: StoredObject,
  range: ByteRange = { first: 0, last: object.bytes - 1 },
): Promise<void> {
  const data = readSegments(bucket, object, range);
  await pipeline(Readable.from(data, { objectMode: false }), response);
}

async function* readSegments(
  bucket: Bucket,
  object: StoredObject,
  { first, last }: ByteRange,
): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const segment of object.segments) {
    const start = Math.max(first - offset, 0);
    const end = Math.min(last - offset, segment.bytes - 1);
    if (start <= end) {
      yield* createReadStream(bucket.pathOf(segment), { start, end, highWaterMark: READ_BYTES });
    }
    offset += segment.bytes;
  }
}

function headerOverrides({ get }: Query): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const name of STORED_HEADERS) {
    const value = get(`response-${name}`);
    if (value === undefined) continue;
    // Other characters would make the response fail, or split it.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new S3Error("InvalidArgument");
    overrides[name] = value;
  }
  return overrides;
}

function removeChecksums(headers: Record<string, string | number>): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith("x-amz-checksum-")) delete headers[name];
  }
}
