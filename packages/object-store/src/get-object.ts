import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bucket, StoredObject } from "./bucket.ts";
import { quoted, sendEmpty, type Exchange } from "./exchange.ts";
import { matches } from "./objects.ts";
import { S3Error } from "./s3-error.ts";

/** First and last byte, both included. */
type Range = { readonly first: number; readonly last: number };

const READ_BYTES = 262_144;
const OVERRIDES = [
  "content-type",
  "content-disposition",
  "content-encoding",
  "content-language",
  "cache-control",
  "expires",
];

/** GET and HEAD of an object, with a range, conditions on the ETag and the `response-…` overrides. */
export async function getObject({ request, response, target, buckets }: Exchange): Promise<void> {
  const bucket = buckets.get(target.bucket);
  const object = bucket.objects.get(target.key);
  if (object === undefined) throw new S3Error("NoSuchKey");
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = request.headers;
  if (ifMatch !== undefined && !matches(ifMatch, object.etag))
    throw new S3Error("PreconditionFailed");
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, object.etag)) {
    sendEmpty(response, 304, { etag: quoted(object.etag) });
    return;
  }
  const range = parseRange(request.headers.range, object.bytes);
  const { first, last } = range ?? { first: 0, last: object.bytes - 1 };
  const headers: Record<string, string | number> = {
    ...object.headers,
    ...overrides(target.query.get),
    // What callers stored is what it says, and nothing that a browser makes of it. S3 itself cannot send this.
    "x-content-type-options": "nosniff",
    etag: quoted(object.etag),
    "last-modified": new Date(object.lastModified).toUTCString(),
    "accept-ranges": "bytes",
    "content-length": last - first + 1,
    ...(range === undefined ? {} : { "content-range": `bytes ${first}-${last}/${object.bytes}` }),
  };
  if (range !== undefined || request.headers["x-amz-checksum-mode"] !== "ENABLED")
    dropChecksums(headers);

  const release = bucket.pin(object);
  try {
    response.writeHead(range === undefined ? 200 : 206, headers);
    if (request.method === "HEAD") response.end();
    else
      await pipeline(
        Readable.from(read(bucket, object, { first, last }), { objectMode: false }),
        response,
      );
  } finally {
    release();
  }
}

async function* read(
  bucket: Bucket,
  object: StoredObject,
  { first, last }: Range,
): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const segment of object.segments) {
    const start = Math.max(first - offset, 0);
    const end = Math.min(last - offset, segment.bytes - 1);
    if (start <= end)
      yield* createReadStream(bucket.pathOf(segment), { start, end, highWaterMark: READ_BYTES });
    offset += segment.bytes;
  }
}

/**
 * One range of bytes; undefined where the whole object is the answer: none asked for, several, or not understood (RFC 9110, 14.2).
 * @throws S3Error InvalidRange
 */
export function parseRange(header: string | undefined, bytes: number): Range | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null) return undefined;
  const [, from = "", to = ""] = match;
  if (from === "" && to === "") return undefined;
  if (from === "") {
    const length = Math.min(Number(to), bytes);
    if (length === 0) throw new S3Error("InvalidRange");
    return { first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return undefined;
  if (first >= bytes) throw new S3Error("InvalidRange");
  return { first, last: to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}

function overrides(get: (name: string) => string | undefined): Record<string, string> {
  const given = OVERRIDES.map((name) => [name, get(`response-${name}`)] as const);
  const set = given.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  // What cannot stand in a header would fail the answer, or split it.
  if (set.some(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value)))
    throw new S3Error("InvalidArgument");
  return Object.fromEntries(set);
}

function dropChecksums(headers: Record<string, string | number>): void {
  for (const name of Object.keys(headers))
    if (name.startsWith("x-amz-checksum-")) delete headers[name];
}
