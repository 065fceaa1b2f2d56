export { createStorage } from "./storage.ts";
export { StorageError, type StorageErrorCode, type StorageErrorKind } from "./storage-error.ts";
export { downloadOrigin } from "./origin.ts";
export { partSizeFor } from "./multipart/part-size.ts";
export { attachment } from "./content-disposition.ts";
export type {
  ObjectHead,
  PresignDownload,
  PutInput,
  Storage,
  StorageConfig,
  StoredObject,
  UnfinishedUpload,
  UploadInput,
} from "./types.ts";
export { createBufferPool, type BufferPool } from "./multipart/buffer-pool.ts";
export { BUFFERS_PER_UPLOAD } from "./multipart/parts.ts";
export { PartStream } from "./multipart/part-stream.ts";
