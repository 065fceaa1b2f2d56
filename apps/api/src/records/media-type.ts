import { DocketError } from "@docket/domain";
import { parse } from "content-type";

export type RecordFormat = "ndjson" | "csv";

const FORMATS: Readonly<Record<string, RecordFormat>> = {
  "application/x-ndjson": "ndjson",
  "application/ndjson": "ndjson",
  "text/csv": "csv",
};

/** ASCII is a subset of UTF-8. */
const CHARSETS: readonly string[] = ["utf-8", "utf8", "us-ascii"];

/** @throws DocketError `unsupported_media_type` for any other type or charset. */
export function recordFormat(contentType = ""): RecordFormat {
  const { type, parameters } = parse(contentType);
  const format = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined;
  if (format === undefined) throw unsupported("Send records as application/x-ndjson or text/csv.");
  const { charset = "utf-8" } = parameters;
  if (!CHARSETS.includes(charset.toLowerCase())) {
    throw unsupported("Send records in UTF-8.");
  }
  return format;
}

/** @throws DocketError `unsupported_media_type` for any other encoding than gzip and none. */
export function isGzip(contentEncoding = "identity"): boolean {
  const encoding = contentEncoding.trim().toLowerCase();
  if (encoding === "gzip" || encoding === "x-gzip") return true;
  if (encoding === "identity" || encoding === "") return false;
  throw unsupported("Send records uncompressed, or with Content-Encoding: gzip.");
}

const unsupported = (detail: string): DocketError =>
  new DocketError("unsupported_media_type", detail);
