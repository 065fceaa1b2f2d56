import { openBody, readText } from "../body/request-body.ts";
import { quote, sendEmpty, sendXml, type Exchange } from "../exchange.ts";
import { S3Error } from "../s3-error.ts";
import { childText, document, element, parseXml, type XmlNode } from "../xml.ts";
import { objectHeaders, onlyIfAbsent } from "./object-headers.ts";

const MAX_DELETES = 1_000;
const MAX_DELETE_BYTES = 4 * 1024 * 1024;

export async function putObject(exchange: Exchange): Promise<void> {
  const { request, response, target, payload, buckets } = exchange;
  const bucket = buckets.get(target.bucket);
  const mustBeNew = onlyIfAbsent(exchange);
  if (mustBeNew && bucket.objects.has(target.key)) throw new S3Error("PreconditionFailed");
  const headers = objectHeaders(exchange);
  // Clients expect the ETag of an object that was put in one request to be its MD5.
  const { bytes, md5, checksums, segment } = await bucket.receive(openBody(request, payload, true));
  const object = {
    key: target.key,
    bytes,
    etag: md5,
    lastModified: Date.now(),
    headers: { ...headers, ...checksums },
    segments: [segment],
  };
  await bucket.commit(object, mustBeNew);
  sendEmpty(response, 200, { etag: quote(md5), ...checksums });
}

export async function deleteObject({ response, target, buckets }: Exchange): Promise<void> {
  await buckets.get(target.bucket).remove(target.key);
  sendEmpty(response, 204);
}

/** Deletes up to 1,000 keys. A key that does not exist counts as deleted. */
export async function deleteObjects(exchange: Exchange): Promise<void> {
  const { request, response, target, payload, buckets } = exchange;
  const bucket = buckets.get(target.bucket);
  const root = parseXml(await readText(request, payload, MAX_DELETE_BYTES));
  const keys = keysToDelete(root);
  for (const key of keys) await bucket.remove(key);
  const isQuiet = childText(root, "Quiet") === "true";
  const deleted = isQuiet ? [] : keys.map((key) => `<Deleted>${element("Key", key)}</Deleted>`);
  sendXml(response, document("DeleteResult", deleted.join("")));
}

function keysToDelete(root: XmlNode): readonly string[] {
  const nodes = root.children.filter(({ name }) => name === "Object");
  if (root.name !== "Delete" || nodes.length === 0 || nodes.length > MAX_DELETES) {
    throw new S3Error("MalformedXML");
  }
  return nodes.map((node) => {
    const key = childText(node, "Key");
    if (key === undefined || key === "") throw new S3Error("MalformedXML");
    return key;
  });
}
