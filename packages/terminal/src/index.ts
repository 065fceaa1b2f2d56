export { createProgress, type Bar, type Output, type Progress } from "./progress.ts";
export { resultTable, size, type ExportResult } from "./table.ts";
export { UsageError } from "./usage-error.ts";
