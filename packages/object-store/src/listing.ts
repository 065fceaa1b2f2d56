import { integer, quoted, sendXml, type Exchange } from "./exchange.ts";
import { S3Error } from "./s3-error.ts";
import { encode } from "./target.ts";
import { document, element } from "./xml.ts";

export async function listBuckets({ response, buckets }: Exchange): Promise<void> {
  const content = buckets.names().map((name) => `<Bucket>${element("Name", name)}</Bucket>`);
  sendXml(response, document("ListAllMyBucketsResult", `<Buckets>${content.join("")}</Buckets>`));
}

/** ListObjectsV2. The continuation token is the last key or common prefix of the page before. */
export async function listObjects({ response, target, buckets }: Exchange): Promise<void> {
  const { objects } = buckets.get(target.bucket);
  const { get } = target.query;
  if (get("list-type") !== "2")
    throw new S3Error("NotImplemented", "Only version 2 of ListObjects is implemented.");
  const prefix = get("prefix") ?? "";
  const delimiter = get("delimiter") ?? "";
  const token = get("continuation-token");
  const most = integer(get("max-keys"), 1000, 0, 2_147_483_647);
  const show = encoder(get("encoding-type"));

  const after = token === undefined ? undefined : Buffer.from(token, "base64url").toString("utf8");
  const startAfter = get("start-after");
  const limit = Math.min(most, 1000);
  const page: { readonly name: string; readonly xml: string }[] = [];
  let isTruncated = false;
  for (const key of sortedKeys(objects, prefix)) {
    if (startAfter !== undefined && compareKeys(key, startAfter) <= 0) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end === -1 ? key : key.slice(0, end + delimiter.length);
    if (name === page.at(-1)?.name || (after !== undefined && compareKeys(name, after) <= 0))
      continue;
    if (page.length === limit) {
      isTruncated = limit > 0;
      break;
    }
    page.push({
      name,
      xml:
        end === -1
          ? objectXml(key)
          : `<CommonPrefixes>${element("Prefix", show(name))}</CommonPrefixes>`,
    });
  }

  function objectXml(key: string): string {
    const object = objects.get(key);
    if (object === undefined) return "";
    const content =
      element("Key", show(key)) +
      element("LastModified", new Date(object.lastModified).toISOString()) +
      element("ETag", quoted(object.etag)) +
      element("Size", object.bytes) +
      element("StorageClass", "STANDARD");
    return `<Contents>${content}</Contents>`;
  }

  const last = page.at(-1)?.name ?? "";
  const content =
    element("Name", target.bucket) +
    element("Prefix", show(prefix)) +
    element("Delimiter", delimiter === "" ? undefined : show(delimiter)) +
    element("StartAfter", startAfter === undefined ? undefined : show(startAfter)) +
    element("EncodingType", get("encoding-type")) +
    element("MaxKeys", most) +
    element("KeyCount", page.length) +
    element("ContinuationToken", token) +
    element(
      "NextContinuationToken",
      isTruncated ? Buffer.from(last).toString("base64url") : undefined,
    ) +
    element("IsTruncated", isTruncated) +
    page.map(({ xml }) => xml).join("");
  sendXml(response, document("ListBucketResult", content));
}

/** ListMultipartUploads, by key and then by upload id. */
export async function listUploads({ response, target, buckets }: Exchange): Promise<void> {
  const { uploads } = buckets.get(target.bucket);
  const { get } = target.query;
  const prefix = get("prefix") ?? "";
  const keyMarker = get("key-marker");
  const idMarker = get("upload-id-marker");
  const most = integer(get("max-uploads"), 1000, 1, 1000);
  const show = encoder(get("encoding-type"));
  const all = [...uploads.values()]
    .filter(({ key, id }) => {
      if (!key.startsWith(prefix)) return false;
      if (keyMarker === undefined) return true;
      const order = compareKeys(key, keyMarker);
      return order > 0 || (order === 0 && idMarker !== undefined && id > idMarker);
    })
    .toSorted((a, b) => compareKeys(a.key, b.key) || (a.id < b.id ? -1 : 1));
  const page = all.slice(0, most);
  const isTruncated = all.length > page.length;
  const last = isTruncated ? page.at(-1) : undefined;
  const rows = page.map(({ key, id, initiated }) => {
    const time = element("Initiated", new Date(initiated).toISOString());
    return `<Upload>${element("Key", show(key))}${element("UploadId", id)}${time}</Upload>`;
  });
  const content =
    element("Bucket", target.bucket) +
    element("Prefix", show(prefix)) +
    element("KeyMarker", show(keyMarker ?? "")) +
    element("UploadIdMarker", idMarker ?? "") +
    element("NextKeyMarker", last === undefined ? undefined : show(last.key)) +
    element("NextUploadIdMarker", last?.id) +
    element("EncodingType", get("encoding-type")) +
    element("MaxUploads", most) +
    element("IsTruncated", isTruncated) +
    rows.join("");
  sendXml(response, document("ListMultipartUploadsResult", content));
}

/** The order of the keys' UTF-8 bytes, as S3 lists them; UTF-16 differs where surrogates meet U+E000 and above. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

const rank = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;

function sortedKeys(objects: ReadonlyMap<string, unknown>, prefix: string): string[] {
  return [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted(compareKeys);
}

function encoder(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== "url") throw new S3Error("InvalidArgument");
  return encode;
}
