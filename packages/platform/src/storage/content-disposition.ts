/**
 * `Content-Disposition: attachment` for any file name (RFC 6266): an ASCII `filename` that every client understands, and the
 * whole name in `filename*` (RFC 8187). Path separators, quotes and control characters are replaced: a name stays a name.
 */
export function attachment(fileName: string): string {
  const name = fileName.replace(/[\p{Cc}\p{Cs}/\\"]/gu, "_");
  const ascii = name.replace(/[^\x20-\x7e]/gu, "_").replaceAll("%", "_");
  // encodeURIComponent leaves these, which are no attr-char.
  const extended = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`;
}
