import { S3Error } from "./s3-error.ts";

/** A decoded query. A name may occur more than once. */
export type Query = {
  readonly pairs: readonly (readonly [string, string])[];
  /** The first value of a name. */
  readonly get: (name: string) => string | undefined;
  readonly has: (name: string) => boolean;
};

/** A path-style URL, `/bucket/key?query`. */
export type Target = {
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: Query;
};

const MAX_KEY_BYTES = 1024;

/**
 * Parses a request's URL. Keys are opaque: `..`, `//` and backslashes have no special meaning.
 *
 * @throws S3Error InvalidURI, KeyTooLongError
 */
export function parseTarget(url: string): Target {
  const queryStart = url.indexOf("?");
  const path = decode(queryStart === -1 ? url : url.slice(0, queryStart));
  if (!path.startsWith("/")) throw new S3Error("InvalidURI");
  const slash = path.indexOf("/", 1);
  const bucket = slash === -1 ? path.slice(1) : path.slice(1, slash);
  const key = slash === -1 ? "" : path.slice(slash + 1);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error("KeyTooLongError");
  const query = parseQuery(queryStart === -1 ? "" : url.slice(queryStart + 1));
  return { path, bucket, key, query };
}

/** Percent-encodes everything but the unreserved characters of RFC 3986, as SigV4 requires. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function parseQuery(raw: string): Query {
  const pairs = raw
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at === -1
        ? ([decode(pair), ""] as const)
        : ([decode(pair.slice(0, at)), decode(pair.slice(at + 1))] as const);
    });
  return {
    pairs,
    get: (name) => pairs.find(([candidate]) => candidate === name)?.[1],
    has: (name) => pairs.some(([candidate]) => candidate === name),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI");
  }
}
