export { assertAtMost } from "./amount.ts";
export { compact } from "./compact.ts";
export { addDays, dayNumber } from "./calendar.ts";
export { DocketError, ERROR_CODES, notFound, type ErrorCode, type LineFault } from "./errors.ts";
export { PERMISSIONS, type Permission } from "./permissions.ts";
export { uuid } from "./schemas.ts";
export { isUuid } from "./uuid.ts";
export { validate, validateAll } from "./validate.ts";

export { createContextRequest, type CreateContextRequest } from "./context/requests.ts";
export { AGE_BUCKETS, summaryQuery, type SummaryQuery } from "./context/summary.ts";
export {
  createSourceRequest,
  SOURCE_SIDES,
  SOURCE_TYPES,
  type CreateSourceRequest,
} from "./source/requests.ts";
export { transactionFilters, type TransactionFilters } from "./transaction/filters.ts";
export { TRANSACTION_STATUSES } from "./transaction/statuses.ts";
export {
  bulkCommand,
  bulkExceptionRequest,
  MAX_BULK_EXCEPTIONS,
  type BulkExceptionRequest,
} from "./exception/bulk.ts";
export {
  applyExceptionCommand,
  EXCEPTION_EVENT_TYPES,
  EXCEPTION_HISTORY_FIELDS,
  isResolvedAlready,
  MAX_EMBEDDED_DISPUTES,
  type CurrentException,
  type ExceptionCommand,
  type ExceptionEvent,
  type ExceptionEventType,
} from "./exception/exception.ts";
export { exceptionFilters, type ExceptionFilters } from "./exception/filters.ts";
export {
  EXCEPTION_STATUSES,
  exceptionLifecycle,
  type ExceptionStatus,
} from "./exception/lifecycle.ts";
export {
  EXCEPTION_SEVERITIES,
  reopenExceptionRequest,
  resolveExceptionRequest,
  updateExceptionRequest,
  type ExceptionSeverity,
} from "./exception/requests.ts";

export type { CurrentDispute, DisputeCommand } from "./dispute/command.ts";
export {
  applyDisputeCommand,
  assertDisputeActionAllowed,
  DISPUTE_EVENT_TYPES,
  startDispute,
  type DisputeEvent,
  type DisputeEventType,
} from "./dispute/dispute.ts";
export { CHECKLIST_LEVELS } from "./dispute/checklist.ts";
export {
  assertEvidenceFits,
  EVIDENCE_KINDS,
  EVIDENCE_TYPES,
  evidenceObjectKey,
  evidenceTypeOf,
  isChunkAllowed,
  looksLike,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_ITEMS,
  SNIFFED_BYTES,
  type EvidenceKind,
  type EvidenceTotals,
  type EvidenceType,
} from "./dispute/evidence.ts";
export { safeFileName } from "./dispute/file-name.ts";
export { disputeFilters, type DisputeFilters } from "./dispute/filters.ts";
export {
  allowedDisputeActions,
  AWAITING_STATES,
  DISPUTE_ACTIONS,
  DISPUTE_STATES,
  disputeLifecycle,
  type DisputeState,
} from "./dispute/lifecycle.ts";
export {
  disputeEventData,
  disputePath,
  disputeVersionView,
  isDisputeOverdue,
} from "./dispute/view.ts";
export { firstReminder, REMINDER_HOURS } from "./dispute/reminders.ts";
export {
  addEvidenceRequest,
  addNoteRequest,
  closeDisputeRequest,
  createDisputeRequest,
  DISPUTE_CATEGORIES,
  reopenDisputeRequest,
  requestEvidenceRequest,
  updateDisputeRequest,
  uploadEvidenceQuery,
  type AddEvidenceRequest,
  type DisputeCategory,
  type CreateDisputeRequest,
  type UploadEvidenceQuery,
} from "./dispute/requests.ts";

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
export {
  COMPRESSIONS,
  fileInfo,
  FORMATS,
  type Compression,
  type Format,
} from "./export/formats.ts";
export {
  exportLifecycle,
  exportTransition,
  UNFINISHED_EXPORT_STATUSES,
  type ExportAction,
  type ExportGuard,
  type ExportStatus,
} from "./export/lifecycle.ts";
export { REPORT_TYPES, type ReportType } from "./export/report-types.ts";
export { createExportRequest, exportRange, type CreateExportRequest } from "./export/requests.ts";

export {
  csvRecordChecker,
  jsonRecordChecker,
  type Cells,
  type CheckRecord,
  type FindSource,
  type TakeFault,
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
export { createLineFaults, type LineFaults } from "./record/line-faults.ts";
export { stagingColumns, type StagingColumn } from "./record/staging.ts";

export { canonicalJson } from "./event/canonical-json.ts";
export {
  CHAIN_START,
  dataHashOf,
  eventHashOf,
  verifyEvent,
  type ChainFault,
  type ChainHead,
  type FeedEvent,
  type Sha256,
} from "./event/chain.ts";
export { eventSubject, eventTypeFilter, streamTypeFilter } from "./event/filters.ts";
export {
  EVENT_FAMILIES,
  EVENT_TYPES,
  eventPermission,
  PROGRESS_TYPE,
  type EventType,
} from "./event/types.ts";
export {
  MAX_WEBHOOK_ATTEMPTS,
  MAX_WEBHOOK_ENDPOINTS,
  WEBHOOK_DELIVERY_STATUSES,
  WEBHOOK_DISABLED_REASONS,
  WEBHOOK_FAILING_HOURS,
  webhookRetryDelayMs,
  type WebhookDeliveryStatus,
  type WebhookDisabledReason,
} from "./webhook/delivery.ts";
export { webhookDeliveryFilters, type WebhookDeliveryFilters } from "./webhook/filters.ts";
export {
  createWebhookEndpointRequest,
  recoverWebhookRequest,
  rotateSecretRequest,
  updateWebhookEndpointRequest,
  type CreateWebhookEndpointRequest,
  type UpdateWebhookEndpointRequest,
} from "./webhook/requests.ts";
export { webhookEndpointPath, webhookEndpointView, type WebhookEndpoint } from "./webhook/view.ts";
