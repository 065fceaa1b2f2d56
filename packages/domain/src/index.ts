export { addDays, dayNumber, isDay } from "./calendar.ts";
export {
  DocketError,
  ERROR_CODES,
  notFound,
  type ErrorCode,
  type ErrorExtras,
  type FieldFault,
  type LineFault,
} from "./errors.ts";
export {
  exportFileName,
  exportObjectKey,
  exportPercent,
  LEASE_SECONDS,
  MAX_ATTEMPTS,
  MAX_CLAIMS,
  outageDelayMs,
  retryDelayMs,
  type ExportSpec,
} from "./export/export-job.ts";
export { contextExportFilters, exportFilters, type ExportFilters } from "./export/filters.ts";
export { FORMATS, type Format, type FormatFacts } from "./export/formats.ts";
export {
  exportLifecycle,
  exportTransition,
  UNFINISHED_EXPORT_STATUSES,
  type ExportAction,
  type ExportGuard,
  type ExportStatus,
  type ExportTransition,
} from "./export/lifecycle.ts";
export { createExportRequest, exportRange, type CreateExportRequest } from "./export/requests.ts";
export { LAST_TURN } from "./export/turns.ts";
export { PERMISSIONS, type Permission } from "./permissions.ts";
export { REPORT_TYPES, type ReportType } from "./export/report-types.ts";
export { day, oneOf, text, uuid } from "./schemas.ts";
export { isUuid } from "./uuid.ts";
export { validate, validateAll } from "./validate.ts";
export {
  createContextRequest,
  MAX_NAME_LENGTH,
  type CreateContextRequest,
} from "./context/requests.ts";
export {
  createSourceRequest,
  SOURCE_SIDES,
  SOURCE_TYPES,
  type CreateSourceRequest,
  type SourceSide,
  type SourceType,
} from "./source/requests.ts";
export {
  act,
  begin,
  DISPUTE_ACTIONS,
  DISPUTE_EVENT_TYPES,
  requireAllowed,
  type Deed,
  type DisputeChanges,
  type DisputeEventType,
  type DisputeFacts,
  type DisputeHappening,
  type DisputeStep,
} from "./dispute/dispute.ts";
export {
  EVIDENCE_TYPES,
  evidenceObjectKey,
  evidenceTypeOf,
  looksLike,
  MAX_DISPUTE_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_ITEMS,
  mayGoOn,
  requireRoom,
  SNIFFED_BYTES,
  type EvidenceTotals,
  type EvidenceType,
} from "./dispute/evidence.ts";
export { safeFileName } from "./dispute/file-name.ts";
export { disputeFilters, type DisputeFilters } from "./dispute/filters.ts";
export {
  DISPUTE_STATES,
  disputeLifecycle,
  type DisputeAction,
  type DisputeState,
} from "./dispute/lifecycle.ts";
export {
  addEvidenceRequest,
  closeDisputeRequest,
  createDisputeRequest,
  DISPUTE_CATEGORIES,
  reopenDisputeRequest,
  requestEvidenceRequest,
  updateDisputeRequest,
  uploadEvidenceQuery,
  type AddEvidenceRequest,
  type CloseDisputeRequest,
  type CreateDisputeRequest,
  type DisputeCategory,
  type UpdateDisputeRequest,
  type UploadEvidenceQuery,
} from "./dispute/requests.ts";
export {
  EXCEPTION_SEVERITIES,
  EXCEPTION_STATUSES,
  exceptionFilters,
  type ExceptionFilters,
} from "./exception/requests.ts";
export {
  csvRecordChecker,
  jsonRecordChecker,
  type Cells,
  type CheckRecord,
  type TakeFault,
  type FindSource,
} from "./record/check-record.ts";
export { checkCsvHeader, csvColumns } from "./record/csv-header.ts";
export {
  RECORD_KINDS,
  recordTables,
  type RecordField,
  type RecordKind,
  type RecordTable,
} from "./record/kinds.ts";
export { MAX_LINE_BYTES, MAX_LINE_FAULTS } from "./record/limits.ts";
export { stagingColumns, type StagingColumn } from "./record/staging.ts";
export { createLineFaults, type LineFaults } from "./record/line-faults.ts";
