import type { StoredObject } from "../disk/stored-object.ts";
import { parseInteger, quote, sendXml, type Exchange } from "../exchange.ts";
import { S3Error } from "../s3-error.ts";
import type { Query } from "../target.ts";
import { document, element } from "../xml.ts";
import { keyEncoder } from "./key-encoding.ts";
import { compareKeys } from "./key-order.ts";

const MAX_KEYS = 1_000;

type ListQuery = {
  readonly prefix: string;
  readonly delimiter: string;
  readonly startAfter: string | undefined;
  readonly token: string | undefined;
  readonly maxKeys: number;
  readonly encodingType: string | undefined;
};

/** A key, or a common prefix when `object` is undefined. */
type Entry = { readonly name: string; readonly object: StoredObject | undefined };

type Page = { readonly entries: readonly Entry[]; readonly isTruncated: boolean };

/** ListObjectsV2. */
export async function listObjects({ response, target, buckets }: Exchange): Promise<void> {
  const { objects } = buckets.get(target.bucket);
  const query = parseListQuery(target.query);
  const encodeKey = keyEncoder(query.encodingType);
  const page = readPage(objects, query);
  const optional = (text: string): string | undefined =>
    text === "" ? undefined : encodeKey(text);
  const content =
    element("Name", target.bucket) +
    element("Prefix", encodeKey(query.prefix)) +
    element("Delimiter", optional(query.delimiter)) +
    element("StartAfter", query.startAfter && encodeKey(query.startAfter)) +
    element("EncodingType", query.encodingType) +
    element("MaxKeys", query.maxKeys) +
    element("KeyCount", page.entries.length) +
    element("ContinuationToken", query.token) +
    element("NextContinuationToken", nextToken(page)) +
    element("IsTruncated", page.isTruncated) +
    page.entries.map((entry) => entryXml(entry, encodeKey)).join("");
  sendXml(response, document("ListBucketResult", content));
}

function parseListQuery({ get }: Query): ListQuery {
  if (get("list-type") !== "2") {
    throw new S3Error("NotImplemented", "Only version 2 of ListObjects is implemented.");
  }
  return {
    prefix: get("prefix") ?? "",
    delimiter: get("delimiter") ?? "",
    startAfter: get("start-after"),
    token: get("continuation-token"),
    maxKeys: parseInteger(get("max-keys"), MAX_KEYS, 0, 2_147_483_647),
    encodingType: get("encoding-type"),
  };
}

function readPage(objects: ReadonlyMap<string, StoredObject>, query: ListQuery): Page {
  const { prefix, delimiter, startAfter, token } = query;
  const limit = Math.min(query.maxKeys, MAX_KEYS);
  const after = token === undefined ? undefined : decodeToken(token);
  const entries: Entry[] = [];
  for (const key of sortedKeys(objects, prefix)) {
    if (startAfter !== undefined && compareKeys(key, startAfter) <= 0) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end === -1 ? key : key.slice(0, end + delimiter.length);
    if (name === entries.at(-1)?.name) continue;
    if (after !== undefined && compareKeys(name, after) <= 0) continue;
    if (entries.length === limit) return { entries, isTruncated: limit > 0 };
    entries.push({ name, object: end === -1 ? objects.get(key) : undefined });
  }
  return { entries, isTruncated: false };
}

function sortedKeys(objects: ReadonlyMap<string, unknown>, prefix: string): string[] {
  return [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted(compareKeys);
}

/** A continuation token is the last key or common prefix of the previous page. */
const decodeToken = (token: string): string => Buffer.from(token, "base64url").toString("utf8");

function nextToken({ entries, isTruncated }: Page): string | undefined {
  return isTruncated ? Buffer.from(entries.at(-1)?.name ?? "").toString("base64url") : undefined;
}

function entryXml({ name, object }: Entry, encodeKey: (key: string) => string): string {
  if (object === undefined) {
    return `<CommonPrefixes>${element("Prefix", encodeKey(name))}</CommonPrefixes>`;
  }
  const content =
    element("Key", encodeKey(name)) +
    element("LastModified", new Date(object.lastModified).toISOString()) +
    element("ETag", quote(object.etag)) +
    element("Size", object.bytes) +
    element("StorageClass", "STANDARD");
  return `<Contents>${content}</Contents>`;
}
