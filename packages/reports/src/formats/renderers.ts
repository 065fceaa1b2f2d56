import type { Format } from "@docket/domain";
import { csvRows } from "./csv.ts";
import { jsonRows } from "./json.ts";
import type { RowRenderer } from "./types.ts";
import { xmlRows } from "./xml.ts";

/** The rendering of a row in each format. */
export const rowRenderers = {
  CSV: csvRows,
  JSON: jsonRows,
  XML: xmlRows,
} satisfies Record<Format, RowRenderer>;
