const MIB = 1_048_576;

/** The smallest part size, in bytes, and the smallest that S3 allows. An upload holds three parts in memory. */
export const DEFAULT_PART_BYTES = 5 * MIB;

/** S3's limit for one upload. */
export const MAX_PARTS = 10_000;

/**
 * The part size in bytes, in whole MiB, for a body of about `estimatedBytes`. The size cannot change during an upload, so it
 * leaves room for a body twice as large as the estimate.
 */
export function partSizeFor(estimatedBytes: number): number {
  const needed = Number.isFinite(estimatedBytes) ? Math.ceil(estimatedBytes / (MAX_PARTS / 2)) : 0;
  return Math.max(DEFAULT_PART_BYTES, Math.ceil(needed / MIB) * MIB);
}
