export { fileFormats } from "./formats/catalogue.ts";
export { createFileWriter, type ByteSink, type FileWriter } from "./formats/file-writer.ts";
export { reportQuery, type ReportQuery } from "./query.ts";
