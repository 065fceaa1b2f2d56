export type Format = "CSV" | "JSON" | "XML" | "NDJSON";

/** The extension and the `Content-Type` of a format's files (docs/api.md §3). */
type FormatInfo = { readonly extension: string; readonly contentType: string };

/** The formats of an export, in the order in which error messages list them. */
export const FORMATS = {
  CSV: { extension: "csv", contentType: "text/csv; charset=utf-8" },
  JSON: { extension: "json", contentType: "application/json" },
  XML: { extension: "xml", contentType: "application/xml" },
  NDJSON: { extension: "ndjson", contentType: "application/x-ndjson" },
} as const satisfies Record<Format, FormatInfo>;
