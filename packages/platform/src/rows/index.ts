export { recordAudit, type Actor, type AuditAction } from "./audit.ts";
export { deleteExpiredKeys, findTenantsWithExpiredKeys } from "./expired-keys.ts";
export * from "./export-jobs/index.ts";
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
export {
  commitObject,
  findUncommittedObjects,
  forgetObject,
  orphanAbandonedUpload,
  orphanObject,
  recordSweep,
  recordUploadId,
  registerObject,
  UPLOAD_DEADLINE_MS,
  type ObjectOwner,
  type OwnedObject,
  type UncommittedObject,
} from "./stored-objects.ts";
