export { recordAudit, type Actor, type AuditAction } from "./audit.ts";
export { readExportJob, type ExportJobRow } from "./export-job-row.ts";
export {
  acquireKey,
  keyInUse,
  releaseKey,
  renewKey,
  storeResponse,
  type AcquiredKey,
  type HeldKey,
  type KeyScope,
  type StoredResponse,
} from "./idempotency-keys.ts";
