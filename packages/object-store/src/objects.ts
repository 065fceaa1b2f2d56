import type { StoredObject } from "./bucket.ts";
import { quoted, sendEmpty, sendXml, unquoted, type Exchange } from "./exchange.ts";
import { openIntake, readText } from "./intake.ts";
import { S3Error } from "./s3-error.ts";
import { childText, document, element, parseXml } from "./xml.ts";

const KEPT = [
  "content-type",
  "content-disposition",
  "content-encoding",
  "content-language",
  "cache-control",
  "expires",
];
const MAX_META_BYTES = 2_048;
const MAX_DELETES = 1_000;

/** The request's headers that belong to the object. @throws S3Error InvalidRequest over 2 KiB of metadata */
export function objectHeaders({ request }: Exchange): Record<string, string> {
  const kept = Object.entries(request.headers).filter(
    ([name]) => KEPT.includes(name) || name.startsWith("x-amz-meta-"),
  );
  const headers = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
  // The framing is the transfer's, not the object's.
  const encoding = headers["content-encoding"]
    ?.split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "aws-chunked");
  if (encoding?.length === 0) delete headers["content-encoding"];
  else if (encoding !== undefined) headers["content-encoding"] = encoding.join(",");
  const meta = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  if (meta.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > MAX_META_BYTES) {
    throw new S3Error("InvalidRequest", "The metadata is larger than 2 KiB.");
  }
  return { "content-type": "binary/octet-stream", ...headers };
}

/** `If-None-Match: *` is the one condition on writing. @throws S3Error NotImplemented for others */
export function onlyIfAbsent({ request }: Exchange): boolean {
  const { "if-none-match": condition, "if-match": match } = request.headers;
  if (match !== undefined || (condition !== undefined && condition !== "*"))
    throw new S3Error("NotImplemented");
  return condition === "*";
}

export async function putObject(exchange: Exchange): Promise<void> {
  const { request, response, target, payload, buckets } = exchange;
  const bucket = buckets.get(target.bucket);
  const isNew = onlyIfAbsent(exchange);
  if (isNew && bucket.objects.has(target.key)) throw new S3Error("PreconditionFailed");
  const headers = objectHeaders(exchange);
  // Clients compare a single object's ETag with its MD5.
  const { bytes, md5, checksums, segment } = await bucket.receive(
    openIntake(request, payload, true),
  );
  const object: StoredObject = {
    key: target.key,
    bytes,
    etag: md5,
    lastModified: Date.now(),
    headers: { ...headers, ...checksums },
    segments: [segment],
  };
  await bucket.commit(object, isNew);
  sendEmpty(response, 200, { etag: quoted(md5), ...checksums });
}

export async function deleteObject({ response, target, buckets }: Exchange): Promise<void> {
  await buckets.get(target.bucket).remove(target.key);
  sendEmpty(response, 204);
}

/** Deletes up to 1 000 keys; one that does not exist counts as deleted. */
export async function deleteObjects({
  request,
  response,
  target,
  payload,
  buckets,
}: Exchange): Promise<void> {
  const bucket = buckets.get(target.bucket);
  const root = parseXml(await readText(request, payload, 4 * 1024 * 1024));
  const wanted = root.children.filter(({ name }) => name === "Object");
  if (root.name !== "Delete" || wanted.length === 0 || wanted.length > MAX_DELETES)
    throw new S3Error("MalformedXML");
  const keys = wanted.map((node) => {
    const key = childText(node, "Key");
    if (key === undefined || key === "") throw new S3Error("MalformedXML");
    return key;
  });
  for (const key of keys) await bucket.remove(key);
  const isQuiet = childText(root, "Quiet") === "true";
  const deleted = isQuiet ? [] : keys.map((key) => `<Deleted>${element("Key", key)}</Deleted>`);
  sendXml(response, document("DeleteResult", deleted.join("")));
}

/** Whether an ETag is in an `If-Match` or `If-None-Match`. */
export function matches(condition: string, etag: string): boolean {
  return condition
    .split(",")
    .some((one) => one.trim() === "*" || unquoted(one.trim().replace(/^W\//, "")) === etag);
}
