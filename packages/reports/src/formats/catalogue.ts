import type { Format } from "@docket/domain";
import { csv } from "./csv.ts";
import type { FileFormat } from "./format.ts";
import { json } from "./json.ts";
import { ndjson } from "./ndjson.ts";
import { xlsx } from "./xlsx/xlsx.ts";
import { xml } from "./xml.ts";

/** Every file format by its name (docs/api.md §3). */
export const fileFormats = {
  CSV: csv,
  JSON: json,
  XML: xml,
  NDJSON: ndjson,
  XLSX: xlsx,
} as const satisfies Record<Format, FileFormat>;
