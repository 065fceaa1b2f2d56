/** A number of places, of which each is held by one at a time; who comes when all are taken waits for their turn. */
export type Slots = {
  /** Waits for a place, and returns the way to give it back. @throws the signal's reason when it aborts the wait. */
  readonly take: (signal: AbortSignal) => Promise<() => void>;
};

/** Makes `most` places. */
export function createSlots(most: number): Slots {
  let free = most;
  const waiting: (() => void)[] = [];

  const give = (): void => {
    const next = waiting.shift();
    // Handed on, not freed: nobody who comes in between can take it away from the first in the line.
    if (next === undefined) free += 1;
    else next();
  };
  /** Giving a place back twice must not make two of it. */
  const once = (): (() => void) => {
    let held = true;
    return () => {
      if (held) give();
      held = false;
    };
  };

  return {
    take: async (signal) => {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return once();
      }
      await new Promise<void>((resolve, reject) => {
        const onTurn = (): void => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(onTurn), 1);
          reject(signal.reason as Error);
        };
        waiting.push(onTurn);
        signal.addEventListener("abort", onAbort, { once: true });
      });
      return once();
    },
  };
}
