/**
 * Runs `work` until it has nothing more to do, `most` batches have run, or `signal` aborts. Returns the sum of its results.
 *
 * @param work runs one batch, and returns how many rows it processed.
 * @param isLast decides from that number whether it was the last batch. Default: only when it is 0.
 */
export async function sumBatches(
  signal: AbortSignal,
  work: () => Promise<number>,
  {
    most = Number.POSITIVE_INFINITY,
    isLast = (rows) => rows === 0,
  }: { readonly most?: number; readonly isLast?: (rows: number) => boolean },
): Promise<number> {
  let sum = 0;
  for (let batch = 0; batch < most && !signal.aborted; batch += 1) {
    const rows = await work();
    sum += rows;
    if (isLast(rows)) break;
  }
  return sum;
}
