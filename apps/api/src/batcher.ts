import { currentTenant } from "@docket/platform/database";

export type BatcherLimits = {
  /** The most items of a batch. */
  readonly maxItems: number;
  /** The most items of a tenant that wait for the next batch. */
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** The error of an item that waits for too long, or finds too many waiting. `work` never gets that item. */
  readonly refusal: () => Error;
};

/** Resolves with the result of an item of the current tenant. @throws Error outside `withTenant` */
export type RunBatched<Item, Result> = (item: Item) => Promise<Result>;

type Call<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
  /** Ends the wait for the next batch. */
  readonly timer?: NodeJS.Timeout;
};

/**
 * Runs `work` for one batch of a tenant at a time. An item that arrives while none runs is a batch by itself. Items that arrive during a
 * batch wait for its end, and are then run together, so that batches grow with the load.
 *
 * A batch runs in the asynchronous scope of one of its callers, all of which have the same tenant.
 *
 * @param work returns a result for each item, in their order. If it fails, all items of the batch do.
 */
export function createBatcher<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { maxItems, maxWaiting, maxWaitMs, refusal }: BatcherLimits,
): RunBatched<Item, Result> {
  /** What waits, for each tenant that has a batch running. */
  const waiting = new Map<string, Call<Item, Result>[]>();

  const runAll = async (tenantId: string, calls: Call<Item, Result>[]): Promise<void> => {
    while (calls.length > 0) await runBatch(work, calls.splice(0, maxItems));
    waiting.delete(tenantId);
  };

  return (item) =>
    new Promise((resolve, reject) => {
      const tenantId = currentTenant();
      const calls = waiting.get(tenantId);
      if (calls === undefined) {
        const first = [{ item, resolve, reject }];
        waiting.set(tenantId, first);
        void runAll(tenantId, first);
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
