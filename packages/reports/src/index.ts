export { fileFormats } from "./formats/catalogue.ts";
export { CellTooLong } from "./formats/xlsx/cells.ts";
export { packingOf } from "./packing/create-packing.ts";
export type { Emit, Packing } from "./packing/packing.ts";
export { createFileWriter, type ByteSink, type FileWriter } from "./formats/file-writer.ts";
export {
  reportColumns,
  reportMigrations,
  reportQuery,
  type ReportQuery,
  type ReportQueryOptions,
} from "./query.ts";
