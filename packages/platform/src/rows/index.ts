export { countersRelation, foldCounters } from "./counters.ts";
export { findDueReminders, sendReminders, type DueReminders } from "./dispute-reminders.ts";
export * from "./events/index.ts";
export { deleteExpiredKeys, findTenantsWithExpiredKeys } from "./expired-keys.ts";
export * from "./export-jobs/index.ts";
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
export {
  commitObject,
  takeUncommittedObjects,
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
export * from "./webhooks/index.ts";
