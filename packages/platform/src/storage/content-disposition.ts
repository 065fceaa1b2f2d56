import { encodeExtended } from "content-disposition";

/**
 * `Content-Disposition: attachment` for any file name (RFC 6266): an ASCII `filename` that every client understands, and the full
 * name in `filename*` (RFC 8187). Path separators, quotes and control characters become underscores.
 *
 * Not `create` of the library, which keeps path separators, and writes plain names without quotes and without `filename*`: every
 * download has the same form of header.
 */
export function attachment(fileName: string): string {
  const name = fileName.replace(/[\p{Cc}\p{Cs}/\\"]/gu, "_");
  const ascii = name.replace(/[^\x20-\x7e]|%/gu, "_");
  return `attachment; filename="${ascii}"; filename*=${encodeExtended(name)}`;
}
