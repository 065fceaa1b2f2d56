import type { ExportSpec } from "@docket/domain";
import { fileFormats } from "../formats/catalogue.ts";
import { createGzip } from "./gzip.ts";
import type { Emit, Packing } from "./packing.ts";
import { createZip } from "./zip.ts";

/** How the rendered bytes of a file become its stored bytes; undefined if they are stored as they are. */
export function packingOf({
  format,
  compression,
}: Pick<ExportSpec, "format" | "compression">): ((emit: Emit) => Packing) | undefined {
  if (fileFormats[format].archive !== undefined) return (emit) => createZip(emit);
  return compression === undefined ? undefined : createGzip;
}
