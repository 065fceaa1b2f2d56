export { cancelExportJob } from "./cancel.ts";
export type { ExportClaim, ExportJob } from "./change.ts";
export { exportJobPath, recordExportJobEvent } from "./event.ts";
export {
  claimExportJob,
  failExportJob,
  giveUpExportJob,
  handBackExportJob,
  holdsExportJob,
  renewExportJob,
  retryExportJob,
  succeedExportJob,
  type ExportFailure,
  type ExportFile,
  type ExportProgress,
  type HeldExportJob,
} from "./claim.ts";
export {
  createExportJob,
  createExportJobs,
  type CreatedExportJob,
  type CreateExportLimits,
  type CreateRefusal,
  type NewExportJob,
} from "./create.ts";
export { isExportObjectTaken, isExportObjectInUse } from "./object.ts";
export { readExportJobs, type ExportJobRow, type PolledExportJob } from "./row.ts";
export {
  countUnfinishedExportJobs,
  expireExportJob,
  takeExpiredExportJobs,
  findDueExportJobs,
  requeueExportJob,
  type UnfinishedExportJob,
} from "./upkeep.ts";
