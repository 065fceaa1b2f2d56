/**
 * Shares the turns of the event loop among the tenants whose bodies are read at the same time.
 *
 * A connection can deliver 2 MiB in a turn. If a turn handled whatever all uploads deliver, each other request would wait for all of
 * them several times, because it needs several turns.
 */
export type Turns = {
  /** Resolves in a later turn, when a chunk of this length may be handled. Tenants take turns; each one's chunks stay in order. */
  readonly next: (tenantId: string, bytes: number) => Promise<void>;
};

/** About two milliseconds of work. */
const BYTES_PER_TURN = 262_144;

type Chunk = { readonly bytes: number; readonly resume: () => void };

export function createTurns(): Turns {
  /** The waiting chunks of each tenant. The first tenant is next. */
  const waiting = new Map<string, Chunk[]>();
  const takeNext = (): Chunk => {
    const [tenantId, chunks] = waiting.entries().next().value!;
    const chunk = chunks.shift()!;
    // The tenant goes to the end.
    waiting.delete(tenantId);
    if (chunks.length > 0) waiting.set(tenantId, chunks);
    return chunk;
  };
  const admit = (): void => {
    for (let admitted = 0; admitted < BYTES_PER_TURN && waiting.size > 0;) {
      const { bytes, resume } = takeNext();
      admitted += bytes;
      resume();
    }
    if (waiting.size > 0) setImmediate(admit);
  };
  return {
    next: (tenantId, bytes) =>
      new Promise((resume) => {
        if (waiting.size === 0) setImmediate(admit);
        const chunks = waiting.get(tenantId);
        if (chunks === undefined) waiting.set(tenantId, [{ bytes, resume }]);
        else chunks.push({ bytes, resume });
      }),
  };
}
