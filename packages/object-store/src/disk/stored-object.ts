/** A run of an object's bytes: a file below the bucket's `data`. */
export type Segment = { readonly file: string; readonly bytes: number };

export type StoredObject = {
  readonly key: string;
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** Sent back unchanged: content-type, x-amz-meta-…, x-amz-checksum-…. */
  readonly headers: Readonly<Record<string, string>>;
  readonly segments: readonly Segment[];
};

export type Part = {
  readonly etag: string;
  readonly lastModified: number;
  /** The place of its request among those of the upload. */
  readonly order: number;
  readonly segment: Segment;
};

/** A multipart upload. Kept in memory only: when the store restarts, its client starts the upload again. */
export type Upload = {
  readonly id: string;
  readonly key: string;
  readonly initiated: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Part>;
  /** How many requests for parts have begun. */
  partRequests: number;
};
