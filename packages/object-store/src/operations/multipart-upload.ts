import { createHash, randomUUID } from "node:crypto";

import { openBody, readText } from "../body/request-body.ts";
import type { Bucket } from "../disk/bucket.ts";
import type { Part, StoredObject, Upload } from "../disk/stored-object.ts";
import { parseInteger, quote, sendEmpty, sendXml, unquote, type Exchange } from "../exchange.ts";
import { S3Error } from "../s3-error.ts";
import { childText, document, element, parseXml } from "../xml.ts";
import { objectHeaders, onlyIfAbsent } from "./object-headers.ts";

export const MAX_PARTS = 10_000;
const MIN_PART_BYTES = 5 * 1024 * 1024;
/** 10,000 parts with a checksum each take about 2 MB. */
const MAX_COMPLETE_BYTES = 4 * 1024 * 1024;

export async function createUpload(exchange: Exchange): Promise<void> {
  const { response, target, buckets } = exchange;
  const bucket = buckets.get(target.bucket);
  const upload: Upload = {
    id: randomUUID(),
    key: target.key,
    initiated: Date.now(),
    headers: objectHeaders(exchange),
    parts: new Map(),
    partRequests: 0,
  };
  bucket.uploads.set(upload.id, upload);
  const content =
    element("Bucket", target.bucket) + element("Key", target.key) + element("UploadId", upload.id);
  sendXml(response, document("InitiateMultipartUploadResult", content));
}

export async function uploadPart(exchange: Exchange): Promise<void> {
  const { request, response, target, payload } = exchange;
  const { bucket, upload } = findUpload(exchange);
  const number = parseInteger(target.query.get("partNumber"), 0, 1, MAX_PARTS);
  const order = (upload.partRequests += 1);
  // Clients do not expect the ETag of a part to be its MD5.
  const { checksums, segment } = await bucket.receive(openBody(request, payload, false));
  // The upload may have been aborted or completed in the meantime.
  if (!bucket.uploads.has(upload.id)) {
    await bucket.discard([segment]);
    throw new S3Error("NoSuchUpload");
  }
  // A UUID, whose 36 characters cannot be mistaken for an MD5.
  const etag = segment.file;
  const part = { etag, lastModified: Date.now(), order, segment };
  const previous = upload.parts.get(number);
  // The last request to begin wins. Its client may have repeated an earlier one whose bytes arrive only now.
  const isLatest = previous === undefined || previous.order < order;
  if (isLatest) upload.parts.set(number, part);
  const replaced = isLatest ? previous : part;
  if (replaced !== undefined) await bucket.discard([replaced.segment]);
  sendEmpty(response, 200, { etag: quote(etag), ...checksums });
}

/** Combines the parts into an object by listing their files. No byte is copied. */
export async function completeUpload(exchange: Exchange): Promise<void> {
  const { request, response, target, payload } = exchange;
  const { bucket, upload } = findUpload(exchange);
  const mustBeNew = onlyIfAbsent(exchange);
  const parts = listedParts(upload, await readText(request, payload, MAX_COMPLETE_BYTES));
  if (mustBeNew && bucket.objects.has(upload.key)) throw new S3Error("PreconditionFailed");
  // Of concurrent requests, only the one that deletes the upload continues.
  if (!bucket.uploads.delete(upload.id)) throw new S3Error("NoSuchUpload");
  const object = combineParts(upload, parts);
  const unused = [...upload.parts.values()]
    .map(({ segment }) => segment)
    .filter((segment) => !object.segments.includes(segment));
  try {
    await bucket.commit(object, mustBeNew);
  } finally {
    await bucket.discard(unused);
  }
  const content =
    element("Location", `http://${request.headers.host ?? ""}/${target.bucket}/${target.key}`) +
    element("Bucket", target.bucket) +
    element("Key", target.key) +
    element("ETag", quote(object.etag));
  sendXml(response, document("CompleteMultipartUploadResult", content));
}

export async function abortUpload(exchange: Exchange): Promise<void> {
  const { bucket, upload } = findUpload(exchange);
  bucket.uploads.delete(upload.id);
  await bucket.discard([...upload.parts.values()].map(({ segment }) => segment));
  sendEmpty(exchange.response, 204);
}

/** @throws S3Error NoSuchBucket; NoSuchUpload, also for an upload of another key */
export function findUpload({ target, buckets }: Exchange): { bucket: Bucket; upload: Upload } {
  const bucket = buckets.get(target.bucket);
  const upload = bucket.uploads.get(target.query.get("uploadId") ?? "");
  if (upload === undefined || upload.key !== target.key) throw new S3Error("NoSuchUpload");
  return { bucket, upload };
}

/** The parts that the client lists: ascending, each with its ETag, and all but the last of at least 5 MiB. */
function listedParts(upload: Upload, xml: string): readonly Part[] {
  const root = parseXml(xml);
  const nodes = root.children.filter(({ name }) => name === "Part");
  if (root.name !== "CompleteMultipartUpload" || nodes.length === 0 || nodes.length > MAX_PARTS) {
    throw new S3Error("MalformedXML");
  }
  let previousNumber = 0;
  return nodes.map((node, index) => {
    const number = Number(childText(node, "PartNumber") ?? NaN);
    const etag = childText(node, "ETag");
    if (!Number.isInteger(number) || etag === undefined) throw new S3Error("MalformedXML");
    if (number <= previousNumber) throw new S3Error("InvalidPartOrder");
    previousNumber = number;
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== unquote(etag)) throw new S3Error("InvalidPart");
    if (index < nodes.length - 1 && part.segment.bytes < MIN_PART_BYTES) {
      throw new S3Error("EntityTooSmall");
    }
    return part;
  });
}

function combineParts({ key, headers }: Upload, parts: readonly Part[]): StoredObject {
  const segments = parts.map(({ segment }) => segment);
  const hash = createHash("sha256").update(parts.map(({ etag }) => etag).join());
  return {
    key,
    bytes: segments.reduce((sum, segment) => sum + segment.bytes, 0),
    // In S3's form for multipart objects.
    etag: `${hash.digest("hex").slice(0, 32)}-${parts.length}`,
    lastModified: Date.now(),
    headers,
    segments,
  };
}
