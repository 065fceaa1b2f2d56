export type Format = "CSV" | "JSON" | "XML" | "NDJSON" | "XLSX";

/** The extension and the `Content-Type` of a format's files (docs/api.md §3). */
type FormatInfo = { readonly extension: string; readonly contentType: string };

/** The formats of an export, in the order in which error messages list them. */
export const FORMATS = {
  CSV: { extension: "csv", contentType: "text/csv; charset=utf-8" },
  JSON: { extension: "json", contentType: "application/json" },
  XML: { extension: "xml", contentType: "application/xml" },
  NDJSON: { extension: "ndjson", contentType: "application/x-ndjson" },
  XLSX: {
    extension: "xlsx",
    contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  },
} as const satisfies Record<Format, FormatInfo>;

export type Compression = "GZIP";

/** What compression adds to the extension of a file, and its `Content-Type` (docs/api.md §3). */
export const COMPRESSIONS = {
  GZIP: { extension: "gz", contentType: "application/gzip" },
} as const satisfies Record<Compression, FormatInfo>;

/** How a file is stored: its format, and its compression if it has one. */
export type FileKind = {
  readonly format: Format;
  readonly compression?: Compression | null | undefined;
};

/** The extension and the `Content-Type` of a stored file, e.g. `csv.gz` and `application/gzip`. */
export function fileInfo({ format, compression }: FileKind): FormatInfo {
  const info = FORMATS[format];
  if (compression === undefined || compression === null) return info;
  const { extension, contentType } = COMPRESSIONS[compression];
  return { extension: `${info.extension}.${extension}`, contentType };
}
