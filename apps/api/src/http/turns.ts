/**
 * Limits how much of all request bodies is handled in one iteration of the event loop, and divides it among the tenants.
 *
 * A connection can deliver 2 MiB in one iteration. A short request needs several iterations. Without a limit, it would wait for the
 * data of all uploads in each of them.
 */
export type Turns = {
  /** Resolves in a later iteration, when a chunk of this length may be handled. Tenants take turns; a tenant's chunks stay in order. */
  readonly next: (tenantId: string, bytes: number) => Promise<void>;
};

/** About two milliseconds of work. */
const BYTES_PER_ITERATION = 262_144;

type Chunk = { readonly bytes: number; readonly resume: () => void };

export function createTurns(): Turns {
  /** The waiting chunks of each tenant. The first tenant is next. */
  const waiting = new Map<string, Chunk[]>();
  const takeNext = (): Chunk => {
    const [tenantId, chunks] = waiting.entries().next().value!;
    const chunk = chunks.shift()!;
    // Set again below, so that the tenant moves to the end.
    waiting.delete(tenantId);
    if (chunks.length > 0) waiting.set(tenantId, chunks);
    return chunk;
  };
  const admit = (): void => {
    for (let admitted = 0; admitted < BYTES_PER_ITERATION && waiting.size > 0;) {
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
        const chunks = waiting.get(tenantId) ?? [];
        chunks.push({ bytes, resume });
        // A tenant that waits already keeps its place.
        waiting.set(tenantId, chunks);
      }),
  };
}
