/** One of a semaphore's permits. */
export type Permit = {
  /** Releasing a permit twice releases it once. */
  readonly release: () => void;
};

export type WorkSize = "small" | "large";

export type Semaphore = {
  /**
   * Waits for a permit.
   *
   * @param key what the caps count, usually the tenant.
   * @throws the signal's reason when it aborts the wait; the semaphore's refusal after too long a wait, or at once when too many
   * wait already.
   */
  readonly acquire: (
    key: string,
    options?: { readonly signal?: AbortSignal; readonly size?: WorkSize },
  ) => Promise<Permit>;
};

/** Runs `work` while it holds a permit. @throws what {@link Semaphore.acquire} throws, and what `work` throws. */
export async function withPermit<T>(
  semaphore: Semaphore,
  key: string,
  work: () => Promise<T>,
  options?: Parameters<Semaphore["acquire"]>[1],
): Promise<T> {
  const permit = await semaphore.acquire(key, options);
  try {
    return await work();
  } finally {
    permit.release();
  }
}

export type SemaphoreLimits = {
  /** The number of permits. */
  readonly permits: number;
  /** The most permits of one key. Default: all. */
  readonly perKey?: number;
  /** The most permits of large work; the others are reserved for small work. Default: all. */
  readonly large?: number;
  readonly maxWaiting: number;
  /** The most waiters of one key. */
  readonly maxWaitingPerKey: number;
  readonly maxWaitMs: number;
  readonly refusal: () => Error;
};

type Work = { readonly key: string; readonly size: WorkSize };

type Waiter = Work & {
  readonly resolve: (permit: Permit) => void;
  readonly refuse: () => void;
};

type State = {
  readonly limits: SemaphoreLimits;
  /** Permits in use: all, those of large work, and those of each key. */
  used: number;
  usedByLarge: number;
  readonly usedByKey: Map<string, number>;
  readonly waiters: Waiter[];
};

/**
 * A semaphore with a cap for each key and a bounded queue. A permit goes to a waiter whose key holds the fewest, and among those to
 * the first, so that a key which waits often does not delay the others.
 */
export function createSemaphore(limits: SemaphoreLimits): Semaphore {
  const state: State = { limits, used: 0, usedByLarge: 0, usedByKey: new Map(), waiters: [] };
  return {
    acquire: async (key, { signal, size = "small" } = {}) => {
      signal?.throwIfAborted();
      const work = { key, size };
      if (hasPermitFor(state, work)) return grant(state, work);
      if (!makeRoom(state, key)) throw limits.refusal();
      return enqueue(state, work, signal);
    },
  };
}

const usedBy = ({ usedByKey }: State, { key }: Work): number => usedByKey.get(key) ?? 0;

function hasPermitFor(state: State, work: Work): boolean {
  const { permits, perKey = permits, large = permits } = state.limits;
  if (state.used >= permits || usedBy(state, work) >= perKey) return false;
  return work.size === "small" || state.usedByLarge < large;
}

/**
 * True if the key may have another waiter. In a full queue, the last waiter of the key with the most makes room for a key with fewer,
 * so that no keys together lock out another one.
 */
function makeRoom({ limits, waiters }: State, key: string): boolean {
  const waitersOf = (each: string): number =>
    waiters.filter((waiter) => waiter.key === each).length;
  const own = waitersOf(key);
  if (own >= limits.maxWaitingPerKey) return false;
  if (waiters.length < limits.maxWaiting) return true;
  const keys = [...new Set(waiters.map((waiter) => waiter.key))];
  const most = keys.reduce((a, b) => (waitersOf(b) > waitersOf(a) ? b : a));
  if (waitersOf(most) <= own + 1) return false;
  waiters.findLast((waiter) => waiter.key === most)?.refuse();
  return true;
}

function grant(state: State, work: Work): Permit {
  count(state, work, 1);
  let isHeld = true;
  return {
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      count(state, work, -1);
      grantNext(state);
    },
  };
}

function count(state: State, work: Work, change: 1 | -1): void {
  state.used += change;
  if (work.size === "large") state.usedByLarge += change;
  const used = usedBy(state, work) + change;
  if (used === 0) state.usedByKey.delete(work.key);
  else state.usedByKey.set(work.key, used);
}

/** Hands free permits to the waiters that may have them, before anyone else can acquire them. */
function grantNext(state: State): void {
  for (;;) {
    let next: Waiter | undefined;
    for (const waiter of state.waiters) {
      const isEarlier = next === undefined || usedBy(state, waiter) < usedBy(state, next);
      if (isEarlier && hasPermitFor(state, waiter)) next = waiter;
    }
    if (next === undefined) return;
    state.waiters.splice(state.waiters.indexOf(next), 1);
    next.resolve(grant(state, next));
  }
}

function enqueue(state: State, work: Work, signal: AbortSignal | undefined): Promise<Permit> {
  const { maxWaitMs, refusal } = state.limits;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const waiter: Waiter = {
      ...work,
      resolve: (permit) => {
        stop();
        resolve(permit);
      },
      refuse: () => leave(refusal()),
    };
    const leave = (reason: Error): void => {
      stop();
      state.waiters.splice(state.waiters.indexOf(waiter), 1);
      reject(reason);
    };
    const onAbort = (): void => leave(signal?.reason as Error);
    const timer = setTimeout(waiter.refuse, maxWaitMs).unref();
    state.waiters.push(waiter);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
