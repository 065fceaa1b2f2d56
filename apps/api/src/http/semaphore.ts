/** One of a semaphore's permits. */
export type Permit = {
  /** Releasing a permit twice releases it once. */
  readonly release: () => void;
};

export type Semaphore = {
  /** The number of permits. */
  readonly permits: number;
  /** Waits for a permit. @throws the signal's reason when it aborts the wait. */
  readonly acquire: (signal: AbortSignal, tenantId?: string) => Promise<Permit>;
  /** A permit if one is free, else undefined. */
  readonly tryAcquire: (tenantId?: string) => Permit | undefined;
};

type Waiter = { readonly tenantId: string; readonly resolve: (permit: Permit) => void };

type State = {
  readonly perTenant: number;
  free: number;
  /** Permits that each tenant holds. */
  readonly held: Map<string, number>;
  readonly waiters: Waiter[];
};

/** A semaphore with a per-tenant cap. FIFO, skipping tenants that are at their cap. */
export function createSemaphore(permits: number, perTenant: number = permits): Semaphore {
  const state: State = { perTenant, free: permits, held: new Map(), waiters: [] };
  const tryAcquire = (tenantId = ""): Permit | undefined =>
    hasPermitFor(state, tenantId) ? grant(state, tenantId) : undefined;
  return {
    permits,
    tryAcquire,
    acquire: async (signal, tenantId = "") => {
      signal.throwIfAborted();
      return tryAcquire(tenantId) ?? enqueue(state, tenantId, signal);
    },
  };
}

const hasPermitFor = ({ free, held, perTenant }: State, tenantId: string): boolean =>
  free > 0 && (held.get(tenantId) ?? 0) < perTenant;

function grant(state: State, tenantId: string): Permit {
  count(state, tenantId, 1);
  let isHeld = true;
  return {
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      count(state, tenantId, -1);
      grantNext(state);
    },
  };
}

function count(state: State, tenantId: string, change: 1 | -1): void {
  state.free -= change;
  const held = (state.held.get(tenantId) ?? 0) + change;
  if (held === 0) state.held.delete(tenantId);
  else state.held.set(tenantId, held);
}

/** Hands a released permit to the first waiter that may have it, before anyone else can acquire it. */
function grantNext(state: State): void {
  const next = state.waiters.findIndex(({ tenantId }) => hasPermitFor(state, tenantId));
  const [waiter] = next === -1 ? [] : state.waiters.splice(next, 1);
  waiter?.resolve(grant(state, waiter.tenantId));
}

function enqueue(state: State, tenantId: string, signal: AbortSignal): Promise<Permit> {
  return new Promise((resolve, reject) => {
    const waiter: Waiter = {
      tenantId,
      resolve: (permit) => {
        signal.removeEventListener("abort", onAbort);
        resolve(permit);
      },
    };
    const onAbort = (): void => {
      state.waiters.splice(state.waiters.indexOf(waiter), 1);
      reject(signal.reason as Error);
    };
    state.waiters.push(waiter);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
