/**
 * Shares the turns of the event loop among bodies that are read at the same time.
 *
 * A connection can deliver 2 MiB in a turn. If a turn handled whatever all uploads deliver, each other request would wait for that
 * several times, because it needs several turns.
 */
export type Turns = {
  /** Resolves in a later turn, when a chunk of this length may be handled: first come, first served. */
  readonly next: (bytes: number) => Promise<void>;
};

/** About two milliseconds of work. */
const BYTES_PER_TURN = 262_144;

export function createTurns(): Turns {
  const waiting: { readonly bytes: number; readonly resume: () => void }[] = [];
  const admit = (): void => {
    let admitted = 0;
    while (admitted < BYTES_PER_TURN && waiting.length > 0) {
      const { bytes, resume } = waiting.shift()!;
      admitted += bytes;
      resume();
    }
    if (waiting.length > 0) setImmediate(admit);
  };
  return {
    next: (bytes) =>
      new Promise((resume) => {
        waiting.push({ bytes, resume });
        if (waiting.length === 1) setImmediate(admit);
      }),
  };
}
