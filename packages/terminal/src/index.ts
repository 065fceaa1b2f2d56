export {
  createExportProgress,
  type ExportLine,
  type ExportProgress,
  type ExportState,
} from "./export-progress.ts";
export { formatBytes } from "./format-bytes.ts";
export {
  createProgressLines,
  renderBar,
  type Output,
  type ProgressLines,
} from "./progress-lines.ts";
export { formatTable } from "./table.ts";
export { argumentsOrExit, UsageError } from "./usage-error.ts";
