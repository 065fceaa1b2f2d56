import { unquote, type Exchange } from "../exchange.ts";
import { S3Error } from "../s3-error.ts";

/** The standard headers that are stored with an object, and that a query can override with `response-…`. */
export const STORED_HEADERS = [
  "content-type",
  "content-disposition",
  "content-encoding",
  "content-language",
  "cache-control",
  "expires",
] as const;

const MAX_METADATA_BYTES = 2_048;

/** The request's headers that are stored with the object. @throws S3Error InvalidRequest over 2 KiB of metadata */
export function objectHeaders({ request }: Exchange): Record<string, string> {
  const stored: readonly string[] = STORED_HEADERS;
  const headers: Record<string, string> = {};
  let metadataBytes = 0;
  for (const [name, value] of Object.entries(request.headers)) {
    const isMetadata = name.startsWith("x-amz-meta-");
    if (!isMetadata && !stored.includes(name)) continue;
    headers[name] = String(value);
    if (isMetadata) metadataBytes += name.length + String(value).length;
  }
  if (metadataBytes > MAX_METADATA_BYTES) {
    throw new S3Error("InvalidRequest", "The metadata is larger than 2 KiB.");
  }
  removeTransferCoding(headers);
  return { "content-type": "binary/octet-stream", ...headers };
}

/** `aws-chunked` describes the request's framing, not the object. */
function removeTransferCoding(headers: Record<string, string>): void {
  const codings = headers["content-encoding"]
    ?.split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "aws-chunked");
  if (codings?.length === 0) delete headers["content-encoding"];
  else if (codings !== undefined) headers["content-encoding"] = codings.join(",");
}

/** Whether the request has `If-None-Match: *`. @throws S3Error NotImplemented for other conditions on a write */
export function onlyIfAbsent({ request }: Exchange): boolean {
  const { "if-none-match": ifNoneMatch, "if-match": ifMatch } = request.headers;
  if (ifMatch !== undefined || (ifNoneMatch !== undefined && ifNoneMatch !== "*")) {
    throw new S3Error("NotImplemented");
  }
  return ifNoneMatch === "*";
}

/** Whether the list in an `If-Match` or `If-None-Match` header includes an ETag. */
export function includesEtag(list: string, etag: string): boolean {
  return list
    .split(",")
    .map((each) => each.trim())
    .some((each) => each === "*" || unquote(each.replace(/^W\//, "")) === etag);
}
