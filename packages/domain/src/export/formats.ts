/** How a format is called outside: the file's extension and its `Content-Type` (contract §3). */
export type FormatFacts = { readonly extension: string; readonly contentType: string };

export type Format = "CSV" | "JSON" | "XML";

/** The formats of an export, in the order in which they are named to callers. */
export const FORMATS = {
  CSV: { extension: "csv", contentType: "text/csv; charset=utf-8" },
  JSON: { extension: "json", contentType: "application/json" },
  XML: { extension: "xml", contentType: "application/xml" },
} as const satisfies Record<Format, FormatFacts>;
