export { recordAudit, type Actor, type AuditAction } from "./audit.ts";
export { readExportJob, type ExportJobRow } from "./export-job-row.ts";
export {
  claimKey,
  freeKey,
  keepAnswer,
  keyInUse,
  renewKey,
  type HeldKey,
  type KeptAnswer,
  type KeyScope,
} from "./idempotency-keys.ts";
