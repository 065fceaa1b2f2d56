import type { Readable } from "node:stream";

/** Where objects are kept. Without keys the SDK's own chain is asked (role, profile); without `endpoint` it is AWS. */
export type StorageConfig = {
  readonly endpoint?: string | undefined;
  /** The address that clients reach, which presigned links are signed for; `endpoint` when absent. */
  readonly publicEndpoint?: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  /** By default true with an `endpoint`, false without. */
  readonly forcePathStyle?: boolean | undefined;
  /** Milliseconds without a byte in either direction after which a request fails (30 000). */
  readonly timeoutMs?: number | undefined;
};

export type ObjectInput = {
  readonly key: string;
  /** Destroyed when the transfer fails: put a stage between when it is a request that is still to be answered. */
  readonly body: Readable;
  readonly contentType: string;
  readonly contentDisposition?: string | undefined;
  /** Names are lower-cased by S3, values are ASCII. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type UploadInput = ObjectInput & {
  /** Bytes; fixed for the whole upload, which ends at 10 000 parts: see `partSizeFor`. 8 MiB when absent. */
  readonly partSizeBytes?: number | undefined;
  /** Called as soon as a multipart upload exists; never for a body that fits into one part. */
  readonly onUploadId?: ((uploadId: string) => void) | undefined;
};

export type PutInput = ObjectInput & {
  /** Bytes that `body` will bring; one more or less fails the call. */
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
  /** What the browser saves it as; any text. */
  readonly fileName: string;
  readonly contentType: string;
  /** Whole seconds, 1 to 604 800 (seven days). */
  readonly expiresInSeconds: number;
};

/** Objects in one bucket. Every method rejects with a StorageError, or with the error of the body that it was given. */
export type Storage = {
  /**
   * Stores a body of unknown length in constant memory (2 parts in flight). Resolves with the bytes stored, as HEAD reports them.
   *
   * When it rejects no multipart upload is left open, as far as the store could be reached. An object may exist under the key
   * when the store completed it but did not answer: a failed attempt's key is the caller's to delete.
   */
  readonly upload: (input: UploadInput) => Promise<{ readonly bytes: number }>;
  /** Stores a body of known length in one request, without buffering it; size and MD5 are checked afterwards. Never retried. */
  readonly put: (input: PutInput) => Promise<{ readonly bytes: number }>;
  readonly head: (key: string) => Promise<ObjectHead | undefined>;
  /** Idempotent. */
  readonly delete: (key: string) => Promise<void>;
  readonly list: (
    prefix: string,
    options?: { readonly limit?: number },
  ) => AsyncIterable<StoredObject>;
  readonly listUploads: (prefix: string) => AsyncIterable<UnfinishedUpload>;
  /** Idempotent. */
  readonly abortUpload: (key: string, uploadId: string) => Promise<void>;
  /** A link that downloads the object under `fileName`. Makes no request: the object need not exist. */
  readonly presignDownload: (input: PresignDownload) => Promise<string>;
  /** Fails unless the bucket is there and may be used. Answers within 5 s. */
  readonly ping: () => Promise<void>;
  /** Creates the bucket when it is missing. */
  readonly ensureBucket: () => Promise<void>;
  /** Closes the idle connections. */
  readonly close: () => Promise<void>;
};
