import { createHash, randomUUID } from "node:crypto";
import type { Bucket, Part, Upload } from "./bucket.ts";
import { integer, quoted, sendEmpty, sendXml, unquoted, type Exchange } from "./exchange.ts";
import { openIntake, readText } from "./intake.ts";
import { objectHeaders, onlyIfAbsent } from "./objects.ts";
import { S3Error } from "./s3-error.ts";
import { childText, document, element, parseXml } from "./xml.ts";

const MAX_PARTS = 10_000;
const MIN_PART_BYTES = 5 * 1024 * 1024;
/** 10 000 parts with a checksum each are about 2 MB. */
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
  };
  bucket.uploads.set(upload.id, upload);
  const content =
    element("Bucket", target.bucket) + element("Key", target.key) + element("UploadId", upload.id);
  sendXml(response, document("InitiateMultipartUploadResult", content));
}

export async function uploadPart(exchange: Exchange): Promise<void> {
  const { request, response, target, payload } = exchange;
  const { bucket, upload } = find(exchange);
  const number = integer(target.query.get("partNumber"), 0, 1, MAX_PARTS);
  // No MD5: nobody compares a part's ETag with one.
  const { checksums, segment } = await bucket.receive(openIntake(request, payload, false));
  // It may have been aborted or completed meanwhile.
  if (!bucket.uploads.has(upload.id)) {
    await bucket.discard([segment]);
    throw new S3Error("NoSuchUpload");
  }
  const former = upload.parts.get(number);
  // 36 characters cannot be taken for an MD5.
  const etag = segment.file;
  upload.parts.set(number, { etag, lastModified: Date.now(), segment });
  if (former !== undefined) await bucket.discard([former.segment]);
  sendEmpty(response, 200, { etag: quoted(etag), ...checksums });
}

/** Makes the parts one object by listing their files: no byte is copied. */
export async function completeUpload(exchange: Exchange): Promise<void> {
  const { request, response, target, payload } = exchange;
  const { bucket, upload } = find(exchange);
  const isNew = onlyIfAbsent(exchange);
  const parts = chosenParts(upload, await readText(request, payload, MAX_COMPLETE_BYTES));
  if (isNew && bucket.objects.has(upload.key)) throw new S3Error("PreconditionFailed");
  // From here on the upload is this request's alone.
  if (!bucket.uploads.delete(upload.id)) throw new S3Error("NoSuchUpload");
  const segments = parts.map(({ segment }) => segment);
  const unused = [...upload.parts.values()]
    .map(({ segment }) => segment)
    .filter((segment) => !segments.includes(segment));
  const hash = createHash("sha256").update(parts.map(({ etag }) => etag).join());
  const etag = `${hash.digest("hex").slice(0, 32)}-${parts.length}`;
  await bucket.commit(
    {
      key: upload.key,
      bytes: segments.reduce((sum, segment) => sum + segment.bytes, 0),
      etag,
      lastModified: Date.now(),
      headers: upload.headers,
      segments,
    },
    isNew,
  );
  await bucket.discard(unused);
  const content =
    element("Location", `http://${request.headers.host ?? ""}/${target.bucket}/${target.key}`) +
    element("Bucket", target.bucket) +
    element("Key", target.key) +
    element("ETag", quoted(etag));
  sendXml(response, document("CompleteMultipartUploadResult", content));
}

export async function abortUpload(exchange: Exchange): Promise<void> {
  const { bucket, upload } = find(exchange);
  bucket.uploads.delete(upload.id);
  await bucket.discard([...upload.parts.values()].map(({ segment }) => segment));
  sendEmpty(exchange.response, 204);
}

export async function listParts(exchange: Exchange): Promise<void> {
  const { response, target } = exchange;
  const { upload } = find(exchange);
  const marker = integer(target.query.get("part-number-marker"), 0, 0, MAX_PARTS);
  const most = integer(target.query.get("max-parts"), 1000, 1, 1000);
  const all = [...upload.parts].filter(([number]) => number > marker).toSorted(([a], [b]) => a - b);
  const page = all.slice(0, most);
  const content =
    element("Bucket", target.bucket) +
    element("Key", upload.key) +
    element("UploadId", upload.id) +
    element("PartNumberMarker", marker) +
    element("NextPartNumberMarker", page.at(-1)?.[0] ?? 0) +
    element("MaxParts", most) +
    element("IsTruncated", all.length > page.length) +
    page.map(partXml).join("");
  sendXml(response, document("ListPartsResult", content));
}

function partXml([number, part]: readonly [number, Part]): string {
  const content =
    element("PartNumber", number) +
    element("LastModified", new Date(part.lastModified).toISOString()) +
    element("ETag", quoted(part.etag)) +
    element("Size", part.segment.bytes);
  return `<Part>${content}</Part>`;
}

/** @throws S3Error NoSuchBucket, NoSuchUpload; also for another key's upload */
function find({ target, buckets }: Exchange): { bucket: Bucket; upload: Upload } {
  const bucket = buckets.get(target.bucket);
  const upload = bucket.uploads.get(target.query.get("uploadId") ?? "");
  if (upload === undefined || upload.key !== target.key) throw new S3Error("NoSuchUpload");
  return { bucket, upload };
}

/** The parts that the client lists, as it must: ascending, each with its ETag, none but the last below 5 MiB. */
function chosenParts(upload: Upload, xml: string): readonly Part[] {
  const root = parseXml(xml);
  const nodes = root.children.filter(({ name }) => name === "Part");
  if (root.name !== "CompleteMultipartUpload" || nodes.length === 0 || nodes.length > MAX_PARTS)
    throw new S3Error("MalformedXML");
  let previous = 0;
  return nodes.map((node, index) => {
    const number = Number(childText(node, "PartNumber") ?? NaN);
    const etag = childText(node, "ETag");
    if (!Number.isInteger(number) || etag === undefined) throw new S3Error("MalformedXML");
    if (number <= previous) throw new S3Error("InvalidPartOrder");
    previous = number;
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== unquoted(etag)) throw new S3Error("InvalidPart");
    if (index < nodes.length - 1 && part.segment.bytes < MIN_PART_BYTES)
      throw new S3Error("EntityTooSmall");
    return part;
  });
}
