export { fileFormats } from "./formats/catalogue.ts";
export { createGzip } from "./packing/gzip.ts";
export type { Emit, Packing } from "./packing/packing.ts";
export { createFileWriter, type ByteSink, type FileWriter } from "./formats/file-writer.ts";
export { reportColumns, reportQuery, type ReportQuery, type ReportQueryOptions } from "./query.ts";
