/** Resolves with what `work` has returned for the item. A failure reaches all callers of its batch. */
export type Batches<Item, Result> = (key: string, item: Item) => Promise<Result>;

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
};

/**
 * Runs `work` for one batch of a key at a time. An item that arrives alone is a batch of its own and does not wait; those that arrive
 * while a batch is at work are the next one, so that batches grow with the load.
 *
 * @param work returns a result for each item, in their order. It runs in the asynchronous scope of the key's first caller: what the
 * scope carries must follow from the key.
 */
export function createBatches<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  maxItems: number,
): Batches<Item, Result> {
  const waiting = new Map<string, Waiting<Item, Result>[]>();

  const runAll = async (key: string, queue: Waiting<Item, Result>[]): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.splice(0, maxItems);
      try {
        const results = await work(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => resolve(results[index]!));
      } catch (error) {
        // What waits is refused, too: it would probably wait for the same failure.
        for (const { reject } of [...batch, ...queue.splice(0)]) reject(error);
      }
    }
    waiting.delete(key);
  };

  return (key, item) =>
    new Promise((resolve, reject) => {
      const queue = waiting.get(key);
      const caller = { item, resolve, reject };
      if (queue !== undefined) {
        queue.push(caller);
        return;
      }
      const first = [caller];
      waiting.set(key, first);
      void runAll(key, first);
    });
}
