export type BatcherLimits = {
  /** The most items of a batch. */
  readonly maxItems: number;
  /** The most items of a key that wait for the next batch. */
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** The error of an item that waits for too long, or finds too many waiting. `work` never gets that item. */
  readonly refusal: () => Error;
};

/** Resolves with the result of `item`. */
export type RunBatched<Item, Result> = (key: string, item: Item) => Promise<Result>;

type Call<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
  /** Ends the wait for the next batch. */
  readonly timer?: NodeJS.Timeout;
};

/**
 * Runs `work` for one batch of a key at a time. An item that arrives while none runs is a batch by itself. Items that arrive during a
 * batch wait for its end, and are then run together, so that batches grow with the load.
 *
 * Callers with the same key must have the same asynchronous scope: a batch runs in that of one of them.
 *
 * @param work returns a result for each item, in their order. If it fails, all items of the batch do.
 */
export function createBatcher<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { maxItems, maxWaiting, maxWaitMs, refusal }: BatcherLimits,
): RunBatched<Item, Result> {
  /** What waits, for each key of which a batch runs. */
  const waiting = new Map<string, Call<Item, Result>[]>();

  const runAll = async (key: string, calls: Call<Item, Result>[]): Promise<void> => {
    while (calls.length > 0) await runBatch(work, calls.splice(0, maxItems));
    waiting.delete(key);
  };

  return (key, item) =>
    new Promise((resolve, reject) => {
      const calls = waiting.get(key);
      if (calls === undefined) {
        const first = [{ item, resolve, reject }];
        waiting.set(key, first);
        void runAll(key, first);
        return;
      }
      if (calls.length >= maxWaiting) {
        reject(refusal());
        return;
      }
      const timer = setTimeout(() => {
        calls.splice(calls.indexOf(call), 1);
        reject(refusal());
      }, maxWaitMs);
      const call = { item, resolve, reject, timer };
      calls.push(call);
    });
}

async function runBatch<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  batch: readonly Call<Item, Result>[],
): Promise<void> {
  for (const { timer } of batch) clearTimeout(timer);
  try {
    const results = await work(batch.map(({ item }) => item));
    for (const [index, { resolve }] of batch.entries()) resolve(results[index]!);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
