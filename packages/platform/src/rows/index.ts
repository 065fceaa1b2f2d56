export { readExportJob, type ExportJobRow } from "./export-job-row.ts";
