import type { Upload } from "../disk/stored-object.ts";
import { parseInteger, sendXml, type Exchange } from "../exchange.ts";
import type { Query } from "../target.ts";
import { document, element } from "../xml.ts";
import { keyEncoder } from "./key-encoding.ts";
import { compareKeys } from "./key-order.ts";

const MAX_UPLOADS = 1_000;

/** ListMultipartUploads, ordered by key and then by upload id. */
export async function listUploads({ response, target, buckets }: Exchange): Promise<void> {
  const { get } = target.query;
  const maxUploads = parseInteger(get("max-uploads"), MAX_UPLOADS, 1, MAX_UPLOADS);
  const encodeKey = keyEncoder(get("encoding-type"));
  const all = matchingUploads([...buckets.get(target.bucket).uploads.values()], target.query);
  const page = all.slice(0, maxUploads);
  const isTruncated = all.length > page.length;
  const last = isTruncated ? page.at(-1) : undefined;
  const content =
    element("Bucket", target.bucket) +
    element("Prefix", encodeKey(get("prefix") ?? "")) +
    element("KeyMarker", encodeKey(get("key-marker") ?? "")) +
    element("UploadIdMarker", get("upload-id-marker") ?? "") +
    element("NextKeyMarker", last && encodeKey(last.key)) +
    element("NextUploadIdMarker", last?.id) +
    element("EncodingType", get("encoding-type")) +
    element("MaxUploads", maxUploads) +
    element("IsTruncated", isTruncated) +
    page.map((upload) => uploadXml(upload, encodeKey)).join("");
  sendXml(response, document("ListMultipartUploadsResult", content));
}

/** The uploads with the query's prefix and after its markers, in order. */
function matchingUploads(uploads: readonly Upload[], { get }: Query): readonly Upload[] {
  const prefix = get("prefix") ?? "";
  const keyMarker = get("key-marker");
  const idMarker = get("upload-id-marker");
  return uploads
    .filter(({ key, id }) => {
      if (!key.startsWith(prefix)) return false;
      if (keyMarker === undefined) return true;
      const order = compareKeys(key, keyMarker);
      return order > 0 || (order === 0 && idMarker !== undefined && id > idMarker);
    })
    .toSorted((a, b) => compareKeys(a.key, b.key) || (a.id < b.id ? -1 : 1));
}

function uploadXml({ key, id, initiated }: Upload, encodeKey: (key: string) => string): string {
  const content =
    element("Key", encodeKey(key)) +
    element("UploadId", id) +
    element("Initiated", new Date(initiated).toISOString());
  return `<Upload>${content}</Upload>`;
}
