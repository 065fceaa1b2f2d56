// Generated from the OpenAPI document by `npm run client-types`. Do not edit.

export interface AddDisputeEvidenceRequest {
  /**
   * @minLength 1
   * @maxLength 1000
   */
  comment: string;
  /**
   * An https URL with a host and without credentials. The server never fetches it.
   * @format uri
   * @minLength 1
   * @maxLength 2048
   */
  fileUrl: string;
  /**
   * In any case.
   * @minLength 1
   * @default "OTHER"
   */
  kind?:
    | "BANK_STATEMENT"
    | "LEDGER_EXTRACT"
    | "INVOICE"
    | "RECEIPT"
    | "CONTRACT"
    | "CORRESPONDENCE"
    | "REFUND_CONFIRMATION"
    | "OTHER"
    | (string & {});
}

/** AddDisputeNoteRequest */
export interface AddDisputeNoteRequest {
  /**
   * @minLength 1
   * @maxLength 5000
   */
  note: string;
}

/** BulkOutcomes */
export interface BulkOutcomes {
  /** @maxItems 100 */
  results: readonly {
    code?:
      | "bad_request"
      | "invalid_json"
      | "invalid_field"
      | "unauthorized"
      | "tenant_required"
      | "forbidden"
      | "not_found"
      | "method_not_allowed"
      | "name_taken"
      | "source_limit_reached"
      | "export_not_ready"
      | "export_not_cancelable"
      | "export_file_gone"
      | "invalid_exception_transition"
      | "invalid_dispute_transition"
      | "evidence_limit_reached"
      | "history_limit_reached"
      | "events_expired"
      | "webhook_endpoint_limit_reached"
      | "webhook_endpoint_disabled"
      | "precondition_failed"
      | "payload_too_large"
      | "unsupported_media_type"
      | "invalid_records"
      | "idempotency_key_reused"
      | "idempotency_key_in_use"
      | "idempotency_storage_full"
      | "rate_limited"
      | "too_many_active_exports"
      | "too_many_ingests"
      | "storage_not_configured"
      | "webhooks_not_configured"
      | "dependency_unavailable"
      | "internal_error"
      | (string & {});
    detail?: string;
    /** @format uuid */
    exceptionId: string;
    outcome: "applied" | "unchanged" | "refused" | (string & {});
  }[];
}

/** ChangeExceptionsRequest */
export interface ChangeExceptionsRequest {
  action: "assign" | "set-due-date" | "resolve" | (string & {});
  /**
   * @minLength 1
   * @maxLength 200
   */
  assignedTo?: string | null;
  /**
   * @format date-time
   * @minLength 1
   */
  dueAt?: string | null;
  /**
   * @maxItems 100
   * @minItems 1
   * @uniqueItems true
   */
  exceptionIds: readonly string[];
  /**
   * @minLength 1
   * @maxLength 1000
   */
  remark: string;
  /**
   * @minLength 1
   * @maxLength 5000
   */
  resolutionNotes: string;
  /**
   * @minLength 1
   * @maxLength 200
   */
  resolutionType: string;
}

/** CloseDisputeRequest */
export interface CloseDisputeRequest {
  /**
   * @minLength 1
   * @pattern ^\d{1,20}(\.\d{1,8})?$
   */
  recoveredAmount?: string;
  /**
   * @minLength 1
   * @maxLength 5000
   */
  resolution: string;
  won: boolean;
}

/** Context */
export interface Context {
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  createdAt: string;
  /** @format uuid */
  id: string;
  name: string;
}

/** ContextList */
export interface ContextList {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly Context[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** CountedContext */
export interface CountedContext {
  counts: {
    /** @min 0 */
    exceptions: number;
    /** @min 0 */
    matchGroups: number;
    /** @min 0 */
    matched: number;
    /** @min 0 */
    openExceptions: number;
    /** @min 0 */
    transactions: number;
    /** @min 0 */
    unmatched: number;
  };
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  createdAt: string;
  /** @format uuid */
  id: string;
  name: string;
}

/** CreateContextRequest */
export interface CreateContextRequest {
  /**
   * @minLength 1
   * @maxLength 100
   */
  name: string;
}

/** CreateDisputeRequest */
export interface CreateDisputeRequest {
  /**
   * @minLength 1
   * @maxLength 200
   */
  assignedTo?: string;
  /**
   * In any case.
   * @minLength 1
   */
  category:
    | "BANK_FEE_ERROR"
    | "UNRECOGNIZED_CHARGE"
    | "DUPLICATE_TRANSACTION"
    | "OTHER"
    | (string & {});
  /**
   * @minLength 1
   * @maxLength 5000
   */
  description: string;
  /**
   * @minLength 1
   * @pattern ^\d{1,20}(\.\d{1,8})?$
   */
  disputedAmount?: string;
  draft?: boolean;
  /**
   * @minLength 1
   * @maxLength 200
   */
  reference?: string;
  /**
   * @format date-time
   * @minLength 1
   */
  respondBy?: string;
}

/** CreateExportJobRequest */
export interface CreateExportJobRequest {
  /**
   * The columns of the report to export, in this order. Default: all.
   * @maxItems 100
   * @minItems 1
   * @uniqueItems true
   */
  columns?: readonly string[];
  /**
   * In any case.
   * @minLength 1
   */
  compression?: "GZIP" | (string & {});
  /**
   * The first day. Default: 30 days before `dateTo`.
   * @format date
   * @minLength 1
   */
  dateFrom?: string;
  /**
   * The last day, inclusive. Default: tomorrow.
   * @format date
   * @minLength 1
   */
  dateTo?: string;
  /**
   * In any case.
   * @minLength 1
   */
  format: "CSV" | "JSON" | "XML" | "NDJSON" | "XLSX" | (string & {});
  /**
   * In any case.
   * @minLength 1
   */
  reportType:
    | "MATCHED"
    | "UNMATCHED"
    | "VARIANCE"
    | "EXCEPTIONS"
    | "MATCHES"
    | "UNMATCHED_TRANSACTIONS"
    | (string & {});
  /**
   * Exports only the records of this source of the context.
   * @format uuid
   * @minLength 1
   * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
   */
  sourceId?: string;
  /**
   * The IANA time zone whose days `dateFrom` and `dateTo` are. Default: UTC.
   * @minLength 1
   */
  timeZone?: string;
}

/** CreateSourceRequest */
export interface CreateSourceRequest {
  /**
   * @minLength 1
   * @maxLength 100
   */
  name: string;
  /**
   * In any case.
   * @minLength 1
   */
  side: "LEFT" | "RIGHT" | (string & {});
  /**
   * In any case.
   * @minLength 1
   */
  type: "LEDGER" | "BANK" | "GATEWAY" | "CUSTOM" | (string & {});
}

/** CreateWebhookEndpointRequest */
export interface CreateWebhookEndpointRequest {
  /**
   * @minLength 1
   * @maxLength 500
   */
  description?: string;
  /** @default true */
  enabled?: boolean;
  /**
   * @min 1
   * @max 20
   * @default 1
   */
  maxInFlight?: number;
  /**
   * @maxItems 40
   * @minItems 1
   */
  types?: readonly (
    | "export-job.*"
    | "dispute.*"
    | "exception.*"
    | "records.*"
    | "context.*"
    | "source.*"
    | "webhook-endpoint.*"
    | "webhook.*"
    | "export-job.created"
    | "export-job.started"
    | "export-job.retried"
    | "export-job.succeeded"
    | "export-job.failed"
    | "export-job.canceled"
    | "export-job.expired"
    | "export-job.downloaded"
    | "dispute.created"
    | "dispute.updated"
    | "dispute.opened"
    | "dispute.evidence-requested"
    | "dispute.evidence-added"
    | "dispute.evidence-downloaded"
    | "dispute.archived"
    | "dispute.note-added"
    | "dispute.won"
    | "dispute.lost"
    | "dispute.reopened"
    | "dispute.due-soon"
    | "dispute.overdue"
    | "exception.updated"
    | "exception.resolved"
    | "exception.reopened"
    | "records.ingested"
    | "context.created"
    | "source.created"
    | "webhook-endpoint.created"
    | "webhook-endpoint.updated"
    | "webhook-endpoint.deleted"
    | "webhook-endpoint.disabled"
    | "webhook.test"
    | (string & {})
  )[];
  /**
   * @minLength 1
   * @maxLength 2048
   */
  url: string;
}

/** CreatedWebhookEndpoint */
export interface CreatedWebhookEndpoint {
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  createdAt: string;
  description?: string;
  /** Why the server has disabled the endpoint: it answered 410, or it failed for 120 hours. */
  disabledReason?: "gone" | "failing" | (string & {});
  enabled: boolean;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  failingSince?: string;
  /** @format uuid */
  id: string;
  /**
   * @min 1
   * @max 20
   */
  maxInFlight: number;
  /**
   * Signs the requests. Not shown again.
   * @pattern ^whsec_
   */
  secret: string;
  /** Types of events, and families such as `dispute.*`. */
  types: readonly string[];
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  updatedAt: string;
  /** @format uri */
  url: string;
}

/** Dispute */
export interface Dispute {
  allowedActions: readonly (
    | "update"
    | "open"
    | "request-evidence"
    | "add-evidence"
    | "close"
    | "reopen"
    | (string & {})
  )[];
  assignedTo?: string;
  category:
    | "BANK_FEE_ERROR"
    | "UNRECOGNIZED_CHARGE"
    | "DUPLICATE_TRANSACTION"
    | "OTHER"
    | (string & {});
  checklist: readonly {
    kind:
      | "BANK_STATEMENT"
      | "LEDGER_EXTRACT"
      | "INVOICE"
      | "RECEIPT"
      | "CONTRACT"
      | "CORRESPONDENCE"
      | "REFUND_CONFIRMATION"
      | "OTHER"
      | (string & {});
    level: "REQUIRED" | "RECOMMENDED" | (string & {});
    satisfied: boolean;
  }[];
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  closedAt?: string;
  closedBy?: string;
  /** @format uuid */
  contextId: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  createdAt: string;
  currency: string;
  description: string;
  /** @pattern ^-?\d+(\.\d+)?$ */
  disputedAmount: string;
  /** @maxItems 50 */
  evidence: readonly Evidence[];
  /** @format uuid */
  exceptionId: string;
  /** @format uuid */
  id: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  openedAt?: string;
  openedBy: string;
  overdue: boolean;
  /** @pattern ^-?\d+(\.\d+)?$ */
  recoveredAmount?: string;
  reference?: string;
  reopenReason?: string;
  resolution?: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  respondBy?: string;
  state: "DRAFT" | "OPEN" | "PENDING_EVIDENCE" | "WON" | "LOST" | (string & {});
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  updatedAt: string;
  /** @min 0 */
  version: number;
}

/** DisputeEvent */
export interface DisputeEvent {
  actor: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  at: string;
  /** @format uuid */
  evidenceId?: string;
  from?: "DRAFT" | "OPEN" | "PENDING_EVIDENCE" | "WON" | "LOST" | (string & {});
  /** @format uuid */
  id: string;
  note?: string;
  to?: "DRAFT" | "OPEN" | "PENDING_EVIDENCE" | "WON" | "LOST" | (string & {});
  type:
    | "created"
    | "updated"
    | "opened"
    | "evidence-requested"
    | "evidence-added"
    | "note-added"
    | "closed"
    | "reopened"
    | (string & {});
}

/** DisputeHistory */
export interface DisputeHistory {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly DisputeEvent[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** DisputeList */
export interface DisputeList {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly Dispute[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** DownloadLink */
export interface DownloadLink {
  /**
   * The SHA-256 of the file, in hex.
   * @pattern ^[0-9a-f]{64}$
   */
  sha256: string;
  /**
   * A URL that needs no token. Send a plain GET.
   * @format uri
   */
  downloadUrl: string;
  /**
   * The number of seconds for which `downloadUrl` is valid.
   * @min 1
   */
  expiresIn: number;
  fileName: string;
}

/** EstimateExportJobRequest */
export interface EstimateExportJobRequest {
  /**
   * The columns of the report to export, in this order. Default: all.
   * @maxItems 100
   * @minItems 1
   * @uniqueItems true
   */
  columns?: readonly string[];
  /**
   * In any case.
   * @minLength 1
   */
  compression?: "GZIP" | (string & {});
  /**
   * The first day. Default: 30 days before `dateTo`.
   * @format date
   * @minLength 1
   */
  dateFrom?: string;
  /**
   * The last day, inclusive. Default: tomorrow.
   * @format date
   * @minLength 1
   */
  dateTo?: string;
  /**
   * In any case.
   * @minLength 1
   */
  format: "CSV" | "JSON" | "XML" | "NDJSON" | "XLSX" | (string & {});
  /**
   * In any case.
   * @minLength 1
   */
  reportType:
    | "MATCHED"
    | "UNMATCHED"
    | "VARIANCE"
    | "EXCEPTIONS"
    | "MATCHES"
    | "UNMATCHED_TRANSACTIONS"
    | (string & {});
  /**
   * Exports only the records of this source of the context.
   * @format uuid
   * @minLength 1
   * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
   */
  sourceId?: string;
  /**
   * The IANA time zone whose days `dateFrom` and `dateTo` are. Default: UTC.
   * @minLength 1
   */
  timeZone?: string;
}

/** Event */
export interface Event {
  actor: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  at: string;
  /** The resource after the change. Null if it was erased, or if the token may not read it. */
  data: object | null;
  /** @pattern ^[0-9a-f]{64}$ */
  dataHash: string;
  /** @pattern ^[0-9a-f]{64}$ */
  hash: string;
  /** @format uuid */
  id: string;
  requestId?: string;
  /**
   * Null if the data is.
   * @pattern ^[0-9a-f]{32}$
   */
  salt: string | null;
  /**
   * Counts 1, 2, 3 … without gaps.
   * @min 1
   */
  seq: number;
  /** The path of the resource. */
  subject: string;
  type:
    | "export-job.created"
    | "export-job.started"
    | "export-job.retried"
    | "export-job.succeeded"
    | "export-job.failed"
    | "export-job.canceled"
    | "export-job.expired"
    | "export-job.downloaded"
    | "dispute.created"
    | "dispute.updated"
    | "dispute.opened"
    | "dispute.evidence-requested"
    | "dispute.evidence-added"
    | "dispute.evidence-downloaded"
    | "dispute.archived"
    | "dispute.note-added"
    | "dispute.won"
    | "dispute.lost"
    | "dispute.reopened"
    | "dispute.due-soon"
    | "dispute.overdue"
    | "exception.updated"
    | "exception.resolved"
    | "exception.reopened"
    | "records.ingested"
    | "context.created"
    | "source.created"
    | "webhook-endpoint.created"
    | "webhook-endpoint.updated"
    | "webhook-endpoint.deleted"
    | "webhook-endpoint.disabled"
    | "webhook.test"
    | (string & {});
}

/** EventFeed */
export interface EventFeed {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly Event[];
  /**
   * The number of the last item, or `after` if there is none.
   * @min 0
   */
  lastSeq: number;
  /**
   * @min 1
   * @max 200
   */
  limit: number;
}

/** EventHead */
export interface EventHead {
  /** @pattern ^[0-9a-f]{64}$ */
  hash: string;
  /** The oldest event that is kept, and the hash that it continues. */
  oldest: {
    /** @pattern ^[0-9a-f]{64}$ */
    previousHash: string;
    /** @min 0 */
    seq: number;
  };
  /**
   * The number of the newest event; 0 if there is none.
   * @min 0
   */
  seq: number;
}

/** Evidence */
export interface Evidence {
  comment: string;
  /** @format uuid */
  disputeId: string;
  file?: {
    /** @pattern ^[0-9a-f]{64}$ */
    sha256: string;
    contentType:
      | "application/pdf"
      | "image/png"
      | "image/jpeg"
      | "text/csv"
      | (string & {});
    fileName: string;
    /**
     * @min 1
     * @max 10485760
     */
    sizeBytes: number;
  };
  /**
   * The given URL, or the path of an uploaded file's download.
   * @format uri-reference
   */
  fileUrl: string;
  /** @format uuid */
  id: string;
  kind:
    | "BANK_STATEMENT"
    | "LEDGER_EXTRACT"
    | "INVOICE"
    | "RECEIPT"
    | "CONTRACT"
    | "CORRESPONDENCE"
    | "REFUND_CONFIRMATION"
    | "OTHER"
    | (string & {});
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  submittedAt: string;
  submittedBy: string;
}

/** Exception */
export interface Exception {
  /** @min 0 */
  ageDays: number;
  assignedTo?: string;
  /** @format uuid */
  contextId: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  createdAt: string;
  /**
   * The latest 50, oldest first. `GET /v1/disputes` with `exceptionId` lists all.
   * @maxItems 50
   */
  disputes: readonly {
    /** @format uuid */
    id: string;
    state:
      | "DRAFT"
      | "OPEN"
      | "PENDING_EVIDENCE"
      | "WON"
      | "LOST"
      | (string & {});
  }[];
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  dueAt?: string;
  /** @format uuid */
  id: string;
  overdue: boolean;
  reason?: string;
  resolutionNotes?: string;
  resolutionType?: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  resolvedAt?: string;
  severity: "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" | (string & {});
  status:
    | "OPEN"
    | "ASSIGNED"
    | "PENDING_RESOLUTION"
    | "RESOLVED"
    | (string & {});
  transaction: {
    /** @pattern ^-?\d+(\.\d+)?$ */
    amount: string;
    currency: string;
    /**
     * @format date-time
     * @pattern \.\d{3}Z$
     */
    date: string;
    description?: string;
    externalId: string;
    /** @format uuid */
    id: string;
    /** @format uuid */
    sourceId: string;
    sourceName: string;
    status:
      | "UNMATCHED"
      | "MATCHED"
      | "IGNORED"
      | "PENDING_REVIEW"
      | (string & {});
  };
  /** @format uuid */
  transactionId: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  updatedAt: string;
  /** @min 0 */
  version: number;
}

/** ExceptionEvent */
export interface ExceptionEvent {
  actor: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  at: string;
  changes: readonly {
    field:
      | "severity"
      | "status"
      | "reason"
      | "assignedTo"
      | "dueAt"
      | "resolutionType"
      | "resolutionNotes"
      | "createdAt"
      | (string & {});
    from?: string;
    to?: string;
  }[];
  /** @format uuid */
  id: string;
  note?: string;
  type: "created" | "updated" | "resolved" | "reopened" | (string & {});
}

/** ExceptionHistory */
export interface ExceptionHistory {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly ExceptionEvent[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** ExceptionList */
export interface ExceptionList {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly Exception[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** ExceptionRecord */
export interface ExceptionRecord {
  assignedTo?: string | null;
  /** A day, or an RFC 3339 timestamp with its offset. */
  createdAt?: string | null;
  /** A day, or an RFC 3339 timestamp with its offset. */
  dueAt?: string | null;
  reason?: string | null;
  resolutionNotes?: string | null;
  resolutionType?: string | null;
  /** Required in a new record. */
  severity?: "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" | (string & {}) | null;
  /** The ID or the name of one of the context's sources. */
  source: string;
  status?:
    | "OPEN"
    | "ASSIGNED"
    | "PENDING_RESOLUTION"
    | "RESOLVED"
    | (string & {})
    | null;
  /**
   * @minLength 1
   * @maxLength 255
   */
  transaction: string;
}

/** ExportDownload */
export interface ExportDownload {
  /**
   * The SHA-256 of the file before compression, in hex. Present if it is compressed.
   * @pattern ^[0-9a-f]{64}$
   */
  contentSha256?: string;
  /**
   * The SHA-256 of the file, in hex.
   * @pattern ^[0-9a-f]{64}$
   */
  sha256: string;
  /**
   * A URL that needs no token. Send a plain GET.
   * @format uri
   */
  downloadUrl: string;
  /**
   * The number of seconds for which `downloadUrl` is valid.
   * @min 1
   */
  expiresIn: number;
  fileName: string;
}

/** ExportEstimate */
export interface ExportEstimate {
  columns: readonly string[];
  /** @format date */
  dateFrom: string;
  /** @format date */
  dateTo: string;
  /** False if counting took too long: `rows` is then an estimate. */
  exact: boolean;
  /** @min 0 */
  rows: number;
}

/** ExportJob */
export interface ExportJob {
  /**
   * The SHA-256 of the file before compression, in hex. Present if it is compressed.
   * @pattern ^[0-9a-f]{64}$
   */
  contentSha256?: string;
  /**
   * The SHA-256 of the stored bytes, in hex.
   * @pattern ^[0-9a-f]{64}$
   */
  sha256?: string;
  /**
   * The instant of the database snapshot that the file reflects.
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  asOf?: string;
  /** @min 0 */
  attempts: number;
  /** @min 0 */
  bytesWritten: number;
  columns?: readonly string[];
  compression?: "GZIP" | (string & {});
  /** @format uuid */
  contextId: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  createdAt: string;
  /** @format date */
  dateFrom: string;
  /** @format date */
  dateTo: string;
  /**
   * Where to request the download URL, while the file exists.
   * @pattern ^/v1/export-jobs/[^/]+/download$
   */
  downloadUrl?: string;
  /** Why the job failed. Safe to show to a user. */
  error?: string;
  /** @pattern ^[a-z_]+$ */
  errorCode?: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  expiresAt?: string;
  fileName?: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  finishedAt?: string;
  format: "CSV" | "JSON" | "XML" | "NDJSON" | "XLSX" | (string & {});
  /** @format uuid */
  id: string;
  /**
   * @min 0
   * @max 100
   */
  percent?: number;
  /** @min 0 */
  recordsExpected?: number;
  /** @min 0 */
  recordsWritten: number;
  reportType:
    | "MATCHED"
    | "UNMATCHED"
    | "VARIANCE"
    | "EXCEPTIONS"
    | (string & {});
  requestedBy: string;
  /** @format uuid */
  sourceId?: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  startedAt?: string;
  status:
    | "QUEUED"
    | "RUNNING"
    | "SUCCEEDED"
    | "FAILED"
    | "CANCELED"
    | "EXPIRED"
    | (string & {});
  timeZone?: string;
}

/** ExportJobList */
export interface ExportJobList {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly ExportJob[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** FeeVarianceRecord */
export interface FeeVarianceRecord {
  /** Required in a new record. */
  actual?: string | null;
  /** Required in a new record. */
  currency?: string | null;
  /** Required in a new record. */
  expected?: string | null;
  /**
   * @minLength 1
   * @maxLength 255
   */
  externalId: string;
  /** Required in a new record. */
  feeScheduleId?: string | null;
  /** Required in a new record. */
  feeScheduleName?: string | null;
  /** Required in a new record. */
  source?: string | null;
  /** Required in a new record. */
  transaction?: string | null;
}

export interface GetContextSummaryParams {
  /**
   * The first day. Default: 30 days before `dateTo`.
   * @format date
   * @minLength 1
   */
  dateFrom?: string;
  /**
   * The last day, inclusive. Default: tomorrow.
   * @format date
   * @minLength 1
   */
  dateTo?: string;
}

export interface GetDisputeHistoryParams {
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
}

export interface GetExceptionHistoryParams {
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
}

/** Health */
export interface Health {
  status: "ok";
}

/** IngestProblem */
export interface IngestProblem {
  code: "invalid_records";
  /** What is wrong, and what to send instead. */
  detail: string;
  /**
   * The first lines at fault, with the field and the reason.
   * @maxItems 100
   */
  errors: readonly {
    detail: string;
    field: string;
    /** @min 1 */
    line: number;
  }[];
  /** The requested path. */
  instance: string;
  requestId: string;
  /**
   * @min 400
   * @max 599
   */
  status: number;
  title: string;
  /** @pattern ^urn:docket:error: */
  type: string;
}

/** IngestResult */
export interface IngestResult {
  /** @min 0 */
  inserted: number;
  /** @min 0 */
  received: number;
  /** @min 0 */
  unchanged: number;
  /** @min 0 */
  updated: number;
}

export interface ListContextExportJobsParams {
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * @format date-time
   * @minLength 1
   */
  finishedFrom?: string;
  format?: readonly (
    | "CSV"
    | "JSON"
    | "XML"
    | "NDJSON"
    | "XLSX"
    | (string & {})
  )[];
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
  reportType?: readonly (
    | "MATCHED"
    | "UNMATCHED"
    | "VARIANCE"
    | "EXCEPTIONS"
    | "MATCHES"
    | "UNMATCHED_TRANSACTIONS"
    | (string & {})
  )[];
  status?: readonly (
    | "QUEUED"
    | "RUNNING"
    | "SUCCEEDED"
    | "FAILED"
    | "CANCELED"
    | "EXPIRED"
    | (string & {})
  )[];
}

export interface ListContextsParams {
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
}

export interface ListDisputesParams {
  /**
   * @minLength 1
   * @maxLength 255
   */
  assignedTo?: string;
  category?: readonly (
    | "BANK_FEE_ERROR"
    | "UNRECOGNIZED_CHARGE"
    | "DUPLICATE_TRANSACTION"
    | "OTHER"
    | (string & {})
  )[];
  /**
   * @format uuid
   * @minLength 1
   * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
   */
  contextId?: string;
  /**
   * @minLength 3
   * @maxLength 3
   */
  currency?: string;
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * @format date
   * @minLength 1
   */
  dateFrom?: string;
  /**
   * @format date
   * @minLength 1
   */
  dateTo?: string;
  /**
   * @format uuid
   * @minLength 1
   * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
   */
  exceptionId?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
  /**
   * @minLength 1
   * @maxLength 255
   */
  openedBy?: string;
  overdue?: boolean;
  /**
   * @format date-time
   * @minLength 1
   */
  respondBefore?: string;
  /** @default "-createdAt" */
  sort?:
    | "createdAt"
    | "-createdAt"
    | "updatedAt"
    | "-updatedAt"
    | "state"
    | "-state"
    | "category"
    | "-category"
    | "respondBy"
    | "-respondBy"
    | "disputedAmount"
    | "-disputedAmount"
    | "id"
    | "-id"
    | (string & {});
  state?: readonly (
    | "DRAFT"
    | "OPEN"
    | "PENDING_EVIDENCE"
    | "WON"
    | "LOST"
    | (string & {})
  )[];
  unassigned?: boolean;
}

export interface ListEventsParams {
  /**
   * The `seq` of an event.
   * @min 0
   * @default 0
   */
  after?: number;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
  /**
   * @minLength 1
   * @maxLength 500
   */
  subject?: string;
  type?: readonly (
    | "export-job.*"
    | "dispute.*"
    | "exception.*"
    | "records.*"
    | "context.*"
    | "source.*"
    | "webhook-endpoint.*"
    | "webhook.*"
    | "export-job.created"
    | "export-job.started"
    | "export-job.retried"
    | "export-job.succeeded"
    | "export-job.failed"
    | "export-job.canceled"
    | "export-job.expired"
    | "export-job.downloaded"
    | "dispute.created"
    | "dispute.updated"
    | "dispute.opened"
    | "dispute.evidence-requested"
    | "dispute.evidence-added"
    | "dispute.evidence-downloaded"
    | "dispute.archived"
    | "dispute.note-added"
    | "dispute.won"
    | "dispute.lost"
    | "dispute.reopened"
    | "dispute.due-soon"
    | "dispute.overdue"
    | "exception.updated"
    | "exception.resolved"
    | "exception.reopened"
    | "records.ingested"
    | "context.created"
    | "source.created"
    | "webhook-endpoint.created"
    | "webhook-endpoint.updated"
    | "webhook-endpoint.deleted"
    | "webhook-endpoint.disabled"
    | "webhook.test"
    | (string & {})
  )[];
}

export interface ListExceptionsParams {
  /**
   * @minLength 1
   * @maxLength 255
   */
  assignedTo?: string;
  /**
   * @format uuid
   * @minLength 1
   * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
   */
  contextId?: string;
  /**
   * @minLength 3
   * @maxLength 3
   */
  currency?: string;
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * @format date
   * @minLength 1
   */
  dateFrom?: string;
  /**
   * @format date
   * @minLength 1
   */
  dateTo?: string;
  /**
   * @format date-time
   * @minLength 1
   */
  dueBefore?: string;
  /**
   * @minLength 1
   * @maxLength 255
   */
  externalId?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
  overdue?: boolean;
  severity?: readonly (
    | "LOW"
    | "MEDIUM"
    | "HIGH"
    | "CRITICAL"
    | (string & {})
  )[];
  /** @default "-createdAt" */
  sort?:
    | "createdAt"
    | "-createdAt"
    | "updatedAt"
    | "-updatedAt"
    | "severity"
    | "-severity"
    | "status"
    | "-status"
    | "dueAt"
    | "-dueAt"
    | "amount"
    | "-amount"
    | "id"
    | "-id"
    | (string & {});
  /**
   * @format uuid
   * @minLength 1
   * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
   */
  sourceId?: string;
  status?: readonly (
    | "OPEN"
    | "ASSIGNED"
    | "PENDING_RESOLUTION"
    | "RESOLVED"
    | (string & {})
  )[];
  unassigned?: boolean;
}

export interface ListExportJobsParams {
  /**
   * @format uuid
   * @minLength 1
   * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
   */
  contextId?: string;
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * @format date-time
   * @minLength 1
   */
  finishedFrom?: string;
  format?: readonly (
    | "CSV"
    | "JSON"
    | "XML"
    | "NDJSON"
    | "XLSX"
    | (string & {})
  )[];
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
  reportType?: readonly (
    | "MATCHED"
    | "UNMATCHED"
    | "VARIANCE"
    | "EXCEPTIONS"
    | "MATCHES"
    | "UNMATCHED_TRANSACTIONS"
    | (string & {})
  )[];
  status?: readonly (
    | "QUEUED"
    | "RUNNING"
    | "SUCCEEDED"
    | "FAILED"
    | "CANCELED"
    | "EXPIRED"
    | (string & {})
  )[];
}

export interface ListSourcesParams {
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
}

export interface ListTransactionsParams {
  /**
   * @minLength 3
   * @maxLength 3
   */
  currency?: string;
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * @format date
   * @minLength 1
   */
  dateFrom?: string;
  /**
   * @format date
   * @minLength 1
   */
  dateTo?: string;
  /**
   * @minLength 1
   * @maxLength 255
   */
  externalId?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
  /**
   * @format uuid
   * @minLength 1
   * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
   */
  sourceId?: string;
  status?: readonly (
    | "UNMATCHED"
    | "MATCHED"
    | "IGNORED"
    | "PENDING_REVIEW"
    | (string & {})
  )[];
}

export interface ListWebhookDeliveriesParams {
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
  status?: readonly ("PENDING" | "DELIVERED" | "FAILED" | (string & {}))[];
  type?: readonly (
    | "export-job.*"
    | "dispute.*"
    | "exception.*"
    | "records.*"
    | "context.*"
    | "source.*"
    | "webhook-endpoint.*"
    | "webhook.*"
    | "export-job.created"
    | "export-job.started"
    | "export-job.retried"
    | "export-job.succeeded"
    | "export-job.failed"
    | "export-job.canceled"
    | "export-job.expired"
    | "export-job.downloaded"
    | "dispute.created"
    | "dispute.updated"
    | "dispute.opened"
    | "dispute.evidence-requested"
    | "dispute.evidence-added"
    | "dispute.evidence-downloaded"
    | "dispute.archived"
    | "dispute.note-added"
    | "dispute.won"
    | "dispute.lost"
    | "dispute.reopened"
    | "dispute.due-soon"
    | "dispute.overdue"
    | "exception.updated"
    | "exception.resolved"
    | "exception.reopened"
    | "records.ingested"
    | "context.created"
    | "source.created"
    | "webhook-endpoint.created"
    | "webhook-endpoint.updated"
    | "webhook-endpoint.deleted"
    | "webhook-endpoint.disabled"
    | "webhook.test"
    | (string & {})
  )[];
}

export interface ListWebhookEndpointsParams {
  /**
   * The `nextCursor` of the previous page. It is valid only with the same filters and sort.
   * @minLength 1
   */
  cursor?: string;
  /**
   * The most items of a page. A value over 200 is served as 200.
   * @min 1
   * @default 20
   */
  limit?: number;
}

/** MatchGroupRecord */
export interface MatchGroupRecord {
  confidence?: number | null;
  /**
   * @minLength 1
   * @maxLength 255
   */
  externalId: string;
  /** @minItems 1 */
  items?: readonly {
    amount?: string | null;
    /** ISO 4217. */
    currency?: string | null;
    /** The ID or the name of one of the context's sources. */
    source: string;
    /**
     * @minLength 1
     * @maxLength 255
     */
    transaction: string;
  }[];
  rule?: string | null;
  status?:
    | "CONFIRMED"
    | "PROPOSED"
    | "REJECTED"
    | "REVOKED"
    | (string & {})
    | null;
}

/** NotReady */
export interface NotReady {
  checks: {
    database: "up" | "down" | "not_configured" | (string & {});
    queue: "up" | "down" | "not_configured" | (string & {});
    storage: "up" | "down" | "not_configured" | (string & {});
  };
  /** A stable error code, for programs. */
  code:
    | "bad_request"
    | "invalid_json"
    | "invalid_field"
    | "unauthorized"
    | "tenant_required"
    | "forbidden"
    | "not_found"
    | "method_not_allowed"
    | "name_taken"
    | "source_limit_reached"
    | "export_not_ready"
    | "export_not_cancelable"
    | "export_file_gone"
    | "invalid_exception_transition"
    | "invalid_dispute_transition"
    | "evidence_limit_reached"
    | "history_limit_reached"
    | "events_expired"
    | "webhook_endpoint_limit_reached"
    | "webhook_endpoint_disabled"
    | "precondition_failed"
    | "payload_too_large"
    | "unsupported_media_type"
    | "invalid_records"
    | "idempotency_key_reused"
    | "idempotency_key_in_use"
    | "idempotency_storage_full"
    | "rate_limited"
    | "too_many_active_exports"
    | "too_many_ingests"
    | "storage_not_configured"
    | "webhooks_not_configured"
    | "dependency_unavailable"
    | "internal_error"
    | (string & {});
  /** What is wrong, and what to send instead. */
  detail: string;
  /** The requested path. */
  instance: string;
  requestId: string;
  /**
   * @min 400
   * @max 599
   */
  status: number;
  title: string;
  /** @pattern ^urn:docket:error: */
  type: string;
}

/** Problem */
export interface Problem {
  /** A stable error code, for programs. */
  code:
    | "bad_request"
    | "invalid_json"
    | "invalid_field"
    | "unauthorized"
    | "tenant_required"
    | "forbidden"
    | "not_found"
    | "method_not_allowed"
    | "name_taken"
    | "source_limit_reached"
    | "export_not_ready"
    | "export_not_cancelable"
    | "export_file_gone"
    | "invalid_exception_transition"
    | "invalid_dispute_transition"
    | "evidence_limit_reached"
    | "history_limit_reached"
    | "events_expired"
    | "webhook_endpoint_limit_reached"
    | "webhook_endpoint_disabled"
    | "precondition_failed"
    | "payload_too_large"
    | "unsupported_media_type"
    | "invalid_records"
    | "idempotency_key_reused"
    | "idempotency_key_in_use"
    | "idempotency_storage_full"
    | "rate_limited"
    | "too_many_active_exports"
    | "too_many_ingests"
    | "storage_not_configured"
    | "webhooks_not_configured"
    | "dependency_unavailable"
    | "internal_error"
    | (string & {});
  /** What is wrong, and what to send instead. */
  detail: string;
  /** The fields at fault. */
  errors?: readonly {
    detail: string;
    field: string;
  }[];
  /** The requested path. */
  instance: string;
  /**
   * The oldest event that is kept. Present if the code is `events_expired`.
   * @min 0
   */
  oldestSeq?: number;
  requestId: string;
  /**
   * @min 400
   * @max 599
   */
  status: number;
  title: string;
  /** @pattern ^urn:docket:error: */
  type: string;
}

/** QueuedExport */
export interface QueuedExport {
  /** @format uuid */
  jobId: string;
  status:
    | "QUEUED"
    | "RUNNING"
    | "SUCCEEDED"
    | "FAILED"
    | "CANCELED"
    | "EXPIRED"
    | (string & {});
  /** @pattern ^/v1/export-jobs/ */
  statusUrl: string;
}

/** Ready */
export interface Ready {
  checks: {
    database: "up" | "down" | "not_configured" | (string & {});
    queue: "up" | "down" | "not_configured" | (string & {});
    storage: "up" | "down" | "not_configured" | (string & {});
  };
  status: "ready";
}

/** RecoverWebhookEndpointRequest */
export interface RecoverWebhookEndpointRequest {
  /**
   * @format date-time
   * @minLength 1
   */
  since: string;
}

/** RecoveredDeliveries */
export interface RecoveredDeliveries {
  /** @min 0 */
  count: number;
}

/** ReopenDisputeRequest */
export interface ReopenDisputeRequest {
  /**
   * @minLength 1
   * @maxLength 5000
   */
  reason: string;
}

/** ReopenExceptionRequest */
export interface ReopenExceptionRequest {
  /**
   * @minLength 1
   * @maxLength 5000
   */
  reason: string;
}

/** RequestDisputeEvidenceRequest */
export interface RequestDisputeEvidenceRequest {
  /**
   * @minLength 1
   * @maxLength 5000
   */
  note: string;
}

/** ResolveExceptionRequest */
export interface ResolveExceptionRequest {
  /**
   * @minLength 1
   * @maxLength 5000
   */
  resolutionNotes: string;
  /**
   * @minLength 1
   * @maxLength 200
   */
  resolutionType: string;
}

/**
 * RotateWebhookSecretRequest
 * @default {"graceSeconds":86400}
 */
export interface RotateWebhookSecretRequest {
  /**
   * @min 0
   * @max 604800
   * @default 86400
   */
  graceSeconds?: number;
}

/** Source */
export interface Source {
  /** @format uuid */
  contextId: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  createdAt: string;
  /** @format uuid */
  id: string;
  name: string;
  side: "LEFT" | "RIGHT" | (string & {});
  type: "LEDGER" | "BANK" | "GATEWAY" | "CUSTOM" | (string & {});
}

/** SourceList */
export interface SourceList {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly Source[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

export interface StreamEventsParams {
  /**
   * The `seq` of an event.
   * @min 0
   */
  after?: number;
  type?: readonly (
    | "export-job.*"
    | "dispute.*"
    | "exception.*"
    | "records.*"
    | "context.*"
    | "source.*"
    | "webhook-endpoint.*"
    | "webhook.*"
    | "export-job.created"
    | "export-job.started"
    | "export-job.retried"
    | "export-job.succeeded"
    | "export-job.failed"
    | "export-job.canceled"
    | "export-job.expired"
    | "export-job.downloaded"
    | "dispute.created"
    | "dispute.updated"
    | "dispute.opened"
    | "dispute.evidence-requested"
    | "dispute.evidence-added"
    | "dispute.evidence-downloaded"
    | "dispute.archived"
    | "dispute.note-added"
    | "dispute.won"
    | "dispute.lost"
    | "dispute.reopened"
    | "dispute.due-soon"
    | "dispute.overdue"
    | "exception.updated"
    | "exception.resolved"
    | "exception.reopened"
    | "records.ingested"
    | "context.created"
    | "source.created"
    | "webhook-endpoint.created"
    | "webhook-endpoint.updated"
    | "webhook-endpoint.deleted"
    | "webhook-endpoint.disabled"
    | "webhook.test"
    | "export-job.progress"
    | (string & {})
  )[];
}

/** Summary */
export interface Summary {
  amounts: readonly {
    currency: string;
    /** @pattern ^-?\d+(\.\d+)?$ */
    matched: string;
    /** @pattern ^-?\d+(\.\d+)?$ */
    unmatched: string;
  }[];
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  asOf: string;
  /** @format uuid */
  contextId: string;
  daily: readonly {
    /** @format date */
    date: string;
    /** @min 0 */
    matched: number;
    /** @min 0 */
    total: number;
  }[];
  /** @format date */
  dateFrom: string;
  /** @format date */
  dateTo: string;
  disputes: {
    amounts: readonly {
      currency: string;
      /** @pattern ^-?\d+(\.\d+)?$ */
      disputed: string;
      /** @pattern ^-?\d+(\.\d+)?$ */
      lost: string;
      /** @pattern ^-?\d+(\.\d+)?$ */
      recovered: string;
    }[];
    byState: readonly {
      /** @min 0 */
      count: number;
      state:
        | "DRAFT"
        | "OPEN"
        | "PENDING_EVIDENCE"
        | "WON"
        | "LOST"
        | (string & {});
    }[];
    /** @min 0 */
    overdue: number;
    /**
     * @min 0
     * @max 1
     */
    wonShare?: number;
  };
  exceptions: {
    byAge: readonly {
      bucket: "0-7" | "8-30" | "31-90" | "over-90" | (string & {});
      /** @min 0 */
      count: number;
    }[];
    bySeverity: readonly {
      /** @min 0 */
      count: number;
      severity: "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" | (string & {});
    }[];
    /** @min 0 */
    open: number;
    /** @min 0 */
    overdue: number;
    /** @min 0 */
    unassigned: number;
  };
  exports: {
    /** @min 0 */
    failedLastDay: number;
    /** @min 0 */
    unfinished: number;
  };
  transactions: {
    /** @min 0 */
    ignored: number;
    /** @min 0 */
    matched: number;
    /** @min 0 */
    pendingReview: number;
    /** @min 0 */
    total: number;
    /** @min 0 */
    unmatched: number;
  };
}

/** Transaction */
export interface Transaction {
  /** @pattern ^-?\d+(\.\d+)?$ */
  amount: string;
  currency: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  date: string;
  description?: string;
  /** @format uuid */
  exceptionId?: string;
  externalId: string;
  /** @format uuid */
  id: string;
  /** @format uuid */
  sourceId: string;
  status:
    | "UNMATCHED"
    | "MATCHED"
    | "IGNORED"
    | "PENDING_REVIEW"
    | (string & {});
}

/** TransactionList */
export interface TransactionList {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly Transaction[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** TransactionRecord */
export interface TransactionRecord {
  /** Required in a new record. */
  amount?: string | null;
  /** Required in a new record. */
  currency?: string | null;
  /** Required in a new record. */
  date?: string | null;
  description?: string | null;
  /**
   * @minLength 1
   * @maxLength 255
   */
  externalId: string;
  /** The ID or the name of one of the context's sources. */
  source: string;
  status?: "IGNORED" | "PENDING_REVIEW" | "UNMATCHED" | (string & {}) | null;
}

/** UpdateDisputeRequest */
export interface UpdateDisputeRequest {
  /**
   * @minLength 1
   * @maxLength 200
   */
  assignedTo?: string | null;
  /**
   * In any case.
   * @minLength 1
   */
  category?:
    | "BANK_FEE_ERROR"
    | "UNRECOGNIZED_CHARGE"
    | "DUPLICATE_TRANSACTION"
    | "OTHER"
    | (string & {});
  /**
   * @minLength 1
   * @maxLength 5000
   */
  description?: string;
  /**
   * @minLength 1
   * @pattern ^\d{1,20}(\.\d{1,8})?$
   */
  disputedAmount?: string;
  /**
   * @minLength 1
   * @maxLength 200
   */
  reference?: string | null;
  /**
   * @format date-time
   * @minLength 1
   */
  respondBy?: string | null;
}

/** UpdateExceptionRequest */
export interface UpdateExceptionRequest {
  /**
   * @minLength 1
   * @maxLength 200
   */
  assignedTo?: string | null;
  /**
   * @format date-time
   * @minLength 1
   */
  dueAt?: string | null;
  /**
   * In any case.
   * @minLength 1
   */
  severity?: "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" | (string & {});
}

/** UpdateWebhookEndpointRequest */
export interface UpdateWebhookEndpointRequest {
  /**
   * @minLength 1
   * @maxLength 500
   */
  description?: string | null;
  enabled?: boolean;
  /**
   * @min 1
   * @max 20
   */
  maxInFlight?: number;
  /**
   * @maxItems 40
   * @minItems 1
   */
  types?: readonly (
    | "export-job.*"
    | "dispute.*"
    | "exception.*"
    | "records.*"
    | "context.*"
    | "source.*"
    | "webhook-endpoint.*"
    | "webhook.*"
    | "export-job.created"
    | "export-job.started"
    | "export-job.retried"
    | "export-job.succeeded"
    | "export-job.failed"
    | "export-job.canceled"
    | "export-job.expired"
    | "export-job.downloaded"
    | "dispute.created"
    | "dispute.updated"
    | "dispute.opened"
    | "dispute.evidence-requested"
    | "dispute.evidence-added"
    | "dispute.evidence-downloaded"
    | "dispute.archived"
    | "dispute.note-added"
    | "dispute.won"
    | "dispute.lost"
    | "dispute.reopened"
    | "dispute.due-soon"
    | "dispute.overdue"
    | "exception.updated"
    | "exception.resolved"
    | "exception.reopened"
    | "records.ingested"
    | "context.created"
    | "source.created"
    | "webhook-endpoint.created"
    | "webhook-endpoint.updated"
    | "webhook-endpoint.deleted"
    | "webhook-endpoint.disabled"
    | "webhook.test"
    | (string & {})
  )[];
  /**
   * @minLength 1
   * @maxLength 2048
   */
  url?: string;
}

export interface UploadDisputeEvidenceParams {
  /**
   * @minLength 1
   * @maxLength 1000
   */
  comment: string;
  fileName?: string;
  /**
   * In any case.
   * @minLength 1
   * @default "OTHER"
   */
  kind?:
    | "BANK_STATEMENT"
    | "LEDGER_EXTRACT"
    | "INVOICE"
    | "RECEIPT"
    | "CONTRACT"
    | "CORRESPONDENCE"
    | "REFUND_CONFIRMATION"
    | "OTHER"
    | (string & {});
}

/** WebhookDelivery */
export interface WebhookDelivery {
  /**
   * The latest attempts, oldest first.
   * @maxItems 20
   */
  attempts: readonly {
    /**
     * @format date-time
     * @pattern \.\d{3}Z$
     */
    at: string;
    /** @min 0 */
    durationMs: number;
    error?: string;
    /** The first 1024 bytes. */
    responseBody?: string;
    /**
     * @min 100
     * @max 999
     */
    responseStatus?: number;
  }[];
  /** @format uuid */
  eventId: string;
  /** @format uuid */
  id: string;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  nextAttemptAt?: string;
  /** @min 1 */
  seq: number;
  status: "PENDING" | "DELIVERED" | "FAILED" | (string & {});
  type: string;
}

/** WebhookDeliveryList */
export interface WebhookDeliveryList {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly WebhookDelivery[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** WebhookEndpoint */
export interface WebhookEndpoint {
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  createdAt: string;
  description?: string;
  /** Why the server has disabled the endpoint: it answered 410, or it failed for 120 hours. */
  disabledReason?: "gone" | "failing" | (string & {});
  enabled: boolean;
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  failingSince?: string;
  /** @format uuid */
  id: string;
  /**
   * @min 1
   * @max 20
   */
  maxInFlight: number;
  /** Types of events, and families such as `dispute.*`. */
  types: readonly string[];
  /**
   * @format date-time
   * @pattern \.\d{3}Z$
   */
  updatedAt: string;
  /** @format uri */
  url: string;
}

/** WebhookEndpointList */
export interface WebhookEndpointList {
  hasMore: boolean;
  /** @maxItems 200 */
  items: readonly WebhookEndpoint[];
  /**
   * @min 1
   * @max 200
   */
  limit: number;
  /** Present if `hasMore` is true. */
  nextCursor?: string;
}

/** WebhookSecret */
export interface WebhookSecret {
  /**
   * Signs the requests. Not shown again.
   * @pattern ^whsec_
   */
  secret: string;
}
