import type { Readable } from "node:stream";
import type { PartStream } from "./multipart/part-stream.ts";

/** Without `endpoint` the store is AWS. Without keys the SDK's default credential chain applies (role, profile). */
export type StorageConfig = {
  readonly endpoint?: string | undefined;
  /** The address that clients use, for which download URLs are signed. Defaults to `endpoint`. */
  readonly publicEndpoint?: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  /** Defaults to true with an `endpoint`, and to false without. */
  readonly forcePathStyle?: boolean | undefined;
  /** Milliseconds of inactivity after which a request fails. Defaults to 30,000. */
  readonly timeoutMs?: number | undefined;
};

export type ObjectInput = {
  readonly key: string;
  /** Destroyed if the transfer fails. An HTTP request that still needs a response must not be passed directly. */
  readonly body: Readable;
  readonly contentType: string;
  readonly contentDisposition?: string | undefined;
  /** S3 converts names to lower case. Values must be ASCII. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type UploadInput = Omit<ObjectInput, "body"> & {
  /** A stream, which is cut into parts, or the parts themselves. Destroyed, or failed, if the transfer fails. */
  readonly body: Readable | PartStream;
  /** The size of a stream's parts. Fixed for the whole upload, which may have 10,000 parts: see `partSizeFor`. Defaults to 5 MiB. */
  readonly partSizeBytes?: number | undefined;
  /** Called as soon as a multipart upload exists, which is never for a body that fits into one part. */
  readonly onUploadId?: ((uploadId: string) => void) | undefined;
};

export type PutInput = ObjectInput & {
  /** The exact number of bytes in `body`; any other number fails the call. */
  readonly contentLength: number;
};

export type ObjectHead = {
  readonly bytes: number;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
};

export type StoredObject = {
  readonly key: string;
  readonly bytes: number;
  readonly lastModified: Date;
};

export type UnfinishedUpload = {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date;
};

export type PresignDownload = {
  readonly key: string;
  /** The file name that the browser suggests. May contain any text. */
  readonly fileName: string;
  readonly contentType: string;
  /** Whole seconds, 1 to 604,800 (seven days). */
  readonly expiresInSeconds: number;
};

/** The objects in one bucket. Every method rejects with a StorageError, or with the error of its `body`. */
export type Storage = {
  /**
   * Stores a body of unknown length in constant memory. Resolves with the stored size, as reported by HEAD.
   *
   * If it rejects, the multipart upload has been aborted, provided the store was reachable. The object may exist nevertheless, if
   * the store completed it but its response was lost, so the caller must delete the key.
   */
  readonly upload: (input: UploadInput) => Promise<{ readonly bytes: number }>;
  /** Stores a body of known length in one request, without buffering, then verifies size and MD5. Never retried. */
  readonly put: (input: PutInput) => Promise<{ readonly bytes: number }>;
  /** Resolves with undefined if the object does not exist. */
  readonly head: (key: string) => Promise<ObjectHead | undefined>;
  /** The object's bytes. The stream fails with a StorageError; destroy it to stop reading. */
  readonly read: (key: string) => Promise<Readable>;
  /** Idempotent. */
  readonly delete: (key: string) => Promise<void>;
  readonly list: (
    prefix: string,
    options?: { readonly limit?: number },
  ) => AsyncIterable<StoredObject>;
  readonly listUploads: (prefix: string) => AsyncIterable<UnfinishedUpload>;
  /** Idempotent. */
  readonly abortUpload: (key: string, uploadId: string) => Promise<void>;
  /** A URL that downloads the object as `fileName`. Sends no request, so the object need not exist. */
  readonly presignDownload: (input: PresignDownload) => Promise<string>;
  /** Rejects unless the bucket exists and is accessible. Settles within 5 s. */
  readonly ping: () => Promise<void>;
  /** Creates the bucket if it does not exist. */
  readonly ensureBucket: () => Promise<void>;
  /** Closes idle connections. */
  readonly close: () => Promise<void>;
};
