export { createDocket, type Docket } from "./docket.ts";
export type { Archive, Download } from "./download.ts";
export {
  DocketError,
  isDocketError,
  type ClientErrorCode,
  type ErrorCode,
  type FieldError,
} from "./error.ts";
export type { FollowOptions, FollowStatus } from "./events/follow.ts";
export type { ExportProgress } from "./events/stream.ts";
export type * from "./generated/api-types.ts";
export type { Listing, Page } from "./pages.ts";
export type { EvidenceUpload, UploadOptions } from "./resources/evidence.ts";
export type { BulkChange } from "./resources/exceptions.ts";
export type { RunOptions, RunProgress, SavedExport } from "./resources/export-run.ts";
export type { WaitOptions } from "./resources/export-wait.ts";
export type {
  PushFileOptions,
  PushOptions,
  RecordKind,
  Records,
  RecordSource,
} from "./resources/records.ts";
export { saveTo, type SaveOptions } from "./save.ts";
export { createSha256, toHex, type Sha256 } from "./sha256.ts";
export type { CallOptions, DocketOptions, WriteOptions } from "./transport/options.ts";
export type { ByteStream, UploadSource } from "./transport/upload.ts";
export {
  webhooks,
  type VerifyOptions,
  type WebhookEvent,
  type WebhookRequest,
} from "./webhooks.ts";
