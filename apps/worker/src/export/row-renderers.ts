import type { Format } from "@docket/domain";
import { csvRows } from "./row-renderers-csv.ts";
import { jsonRows } from "./row-renderers-json.ts";
import type { RowRenderer } from "./row-renderers-types.ts";
import { xmlRows } from "./row-renderers-xml.ts";

/** How Postgres writes a row in each format. */
export const rowRenderers = {
  CSV: csvRows,
  JSON: jsonRows,
  XML: xmlRows,
} satisfies Record<Format, RowRenderer>;
