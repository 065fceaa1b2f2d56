/** A number of places, of which each is held by one at a time. */
export type Slots = {
  /**
   * Waits for a place, and returns the way to give it back.
   * @throws the signal's reason when it aborts the wait.
   */
  readonly take: (signal: AbortSignal, owner?: string) => Promise<() => void>;
  /** A place, if there is one now. */
  readonly tryTake: (owner?: string) => (() => void) | undefined;
};

/**
 * Makes `most` places, of which one owner (a tenant) has `mostOfOne` at the most: whoever holds on to theirs leaves some for others.
 * Who waits is served in turn, but for owners that have their share.
 */
export function createSlots(most: number, mostOfOne: number = most): Slots {
  let taken = 0;
  const held = new Map<string, number>();
  const waiting: { readonly owner: string; readonly onTurn: () => void }[] = [];

  const mayHold = (owner: string): boolean => taken < most && (held.get(owner) ?? 0) < mostOfOne;
  const change = (owner: string, by: 1 | -1): void => {
    taken += by;
    const left = (held.get(owner) ?? 0) + by;
    if (left === 0) held.delete(owner);
    else held.set(owner, left);
  };
  const give = (owner: string): void => {
    change(owner, -1);
    const next = waiting.findIndex((each) => mayHold(each.owner));
    const [first] = next === -1 ? [] : waiting.splice(next, 1);
    if (first === undefined) return;
    // Handed on here: nobody who comes in between can take it away from the first in the line.
    change(first.owner, 1);
    first.onTurn();
  };
  /** Giving a place back twice must not make two of it. */
  const once = (owner: string): (() => void) => {
    let mine = true;
    return () => {
      if (mine) give(owner);
      mine = false;
    };
  };
  const tryTake = (owner = ""): (() => void) | undefined => {
    if (!mayHold(owner)) return undefined;
    change(owner, 1);
    return once(owner);
  };

  return {
    tryTake,
    take: async (signal, owner = "") => {
      signal.throwIfAborted();
      const place = tryTake(owner);
      if (place !== undefined) return place;
      await new Promise<void>((resolve, reject) => {
        const one = {
          owner,
          onTurn: () => {
            signal.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(one), 1);
          reject(signal.reason as Error);
        };
        waiting.push(one);
        signal.addEventListener("abort", onAbort, { once: true });
      });
      return once(owner);
    },
  };
}
