import { S3Error } from "../s3-error.ts";

/** The first and the last byte, both inclusive. */
export type ByteRange = { readonly first: number; readonly last: number };

/**
 * Parses a Range header for an object of `bytes` bytes. Undefined means the whole object: without the header, for several
 * ranges, and for a malformed header (RFC 9110, 14.2).
 *
 * @throws S3Error InvalidRange
 */
export function parseRange(header: string | undefined, bytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null) return undefined;
  const [, from = "", to = ""] = match;
  if (from === "" && to === "") return undefined;
  if (from === "") {
    const length = Math.min(Number(to), bytes);
    if (length === 0) throw new S3Error("InvalidRange");
    return { first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return undefined;
  if (first >= bytes) throw new S3Error("InvalidRange");
  return { first, last: to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
