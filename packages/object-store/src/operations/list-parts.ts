import type { Part } from "../disk/stored-object.ts";
import { parseInteger, quote, sendXml, type Exchange } from "../exchange.ts";
import { document, element } from "../xml.ts";
import { findUpload, MAX_PARTS } from "./multipart-upload.ts";

const MAX_LISTED = 1_000;

export async function listParts(exchange: Exchange): Promise<void> {
  const { response, target } = exchange;
  const { upload } = findUpload(exchange);
  const marker = parseInteger(target.query.get("part-number-marker"), 0, 0, MAX_PARTS);
  const maxParts = parseInteger(target.query.get("max-parts"), MAX_LISTED, 1, MAX_LISTED);
  const all = [...upload.parts].filter(([number]) => number > marker).toSorted(([a], [b]) => a - b);
  const page = all.slice(0, maxParts);
  const content =
    element("Bucket", target.bucket) +
    element("Key", upload.key) +
    element("UploadId", upload.id) +
    element("PartNumberMarker", marker) +
    element("NextPartNumberMarker", page.at(-1)?.[0] ?? 0) +
    element("MaxParts", maxParts) +
    element("IsTruncated", all.length > page.length) +
    page.map(partXml).join("");
  sendXml(response, document("ListPartsResult", content));
}

function partXml([number, part]: readonly [number, Part]): string {
  const content =
    element("PartNumber", number) +
    element("LastModified", new Date(part.lastModified).toISOString()) +
    element("ETag", quote(part.etag)) +
    element("Size", part.segment.bytes);
  return `<Part>${content}</Part>`;
}
