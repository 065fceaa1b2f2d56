const MIB = 1_048_576;

/** Bytes; the smallest part that keeps the requests few (S3 allows 5 MiB). */
export const DEFAULT_PART_BYTES = 8 * MIB;

/** What S3 allows in one upload. */
export const MAX_PARTS = 10_000;

/**
 * The part size in bytes for a body of about `estimatedBytes`, in whole MiB.
 *
 * A part size cannot change under way, so it is chosen for half of the 10 000 parts: the body may be twice the estimate.
 */
export function partSizeFor(estimatedBytes: number): number {
  const wanted = Number.isFinite(estimatedBytes) ? Math.ceil(estimatedBytes / (MAX_PARTS / 2)) : 0;
  return Math.max(DEFAULT_PART_BYTES, Math.ceil(wanted / MIB) * MIB);
}
