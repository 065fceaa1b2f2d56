import type { Logger } from "@docket/platform";
import type { WebhookLane } from "@docket/platform/rows";

/** Runs the attempts of lanes, as many at a time as the limits allow. */
export type Dispatcher = {
  /** Runs the due attempts of a lane. Has no effect while the lane waits already. */
  readonly wake: (lane: WebhookLane) => void;
  /** Starts no more attempts, and waits for those that run. */
  readonly close: () => Promise<void>;
};

export type DispatcherOptions = {
  /**
   * Runs the next attempt of a lane. Resolves with false if there is none. Calls `onClaimed` when the attempt has been claimed;
   * `isRoomLeft`: another may run beside it.
   */
  readonly run: (lane: WebhookLane, onClaimed: (isRoomLeft: boolean) => void) => Promise<boolean>;
  readonly logger: Logger;
  /** Attempts at a time: of all tenants, and of one. */
  readonly permits: number;
  readonly perTenant: number;
};

type Tenant = {
  running: number;
  /** The lanes that wait, by endpoint and kind, in order. */
  readonly waiting: Map<string, WebhookLane>;
  /** The lanes whose next attempt is being claimed. A second claim would only wait for the first, on a connection of its own. */
  readonly claiming: Set<string>;
};

const idleTenant = (): Tenant => ({ running: 0, waiting: new Map(), claiming: new Set() });

const keyOf = ({ endpointId, retries }: WebhookLane): string => `${endpointId} ${retries}`;

/**
 * Creates a dispatcher. A free permit goes to the tenant that holds the fewest and has a lane waiting, and there to the lane that has
 * waited longest: after each attempt, a lane goes to the end. So a tenant whose receivers hang keeps no other one waiting.
 *
 * What waits is in memory only, and at most one entry for each lane. If the process dies, the timers of the others find the rows.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { run, logger, permits, perTenant } = options;
  const tenants = new Map<string, Tenant>();
  const attempts = new Set<Promise<void>>();
  let isClosed = false;

  const wake = (lane: WebhookLane): void => {
    if (isClosed) return;
    const tenant = tenants.get(lane.tenantId) ?? idleTenant();
    tenants.set(lane.tenantId, tenant);
    if (!tenant.waiting.has(keyOf(lane))) tenant.waiting.set(keyOf(lane), lane);
    startWaiting();
  };

  const startWaiting = (): void => {
    while (!isClosed && attempts.size < permits) {
      const next = leastBusy([...tenants.values()], perTenant);
      if (next === undefined) return;
      start(next);
    }
  };

  const start = ({ tenant, lane }: Next): void => {
    tenant.running += 1;
    tenant.waiting.delete(keyOf(lane));
    const endClaim = beginClaim(tenant, lane);
    const failed = (error: unknown): void => logFailure(logger, lane, error);
    const attempt = runLane(lane, endClaim)
      .catch(failed)
      .finally(() => {
        endClaim();
        attempts.delete(attempt);
        tenant.running -= 1;
        if (tenant.running === 0 && tenant.waiting.size === 0) tenants.delete(lane.tenantId);
        startWaiting();
      });
    attempts.add(attempt);
  };

  const runLane = async (lane: WebhookLane, endClaim: () => void): Promise<void> => {
    const hasRun = await run(lane, (isRoomLeft) => {
      endClaim();
      if (isRoomLeft) wake(lane);
    });
    if (hasRun) wake(lane);
  };

  return {
    wake,
    close: async () => {
      isClosed = true;
      await Promise.all(attempts);
    },
  };
}

function logFailure(logger: Logger, { tenantId, endpointId }: WebhookLane, error: unknown): void {
  logger.warn({ err: error, tenantId, endpointId }, "webhook delivery failed");
}

/** Marks a lane as claiming, and returns a function that ends it; called later, it has no effect on the next claim of the lane. */
function beginClaim({ claiming }: Tenant, lane: WebhookLane): () => void {
  const key = keyOf(lane);
  claiming.add(key);
  let isClaiming = true;
  return () => {
    if (isClaiming) claiming.delete(key);
    isClaiming = false;
  };
}

type Next = { readonly tenant: Tenant; readonly lane: WebhookLane };

/** The tenant with the fewest attempts among those that may have another one and have a lane to start, and that lane. */
function leastBusy(tenants: readonly Tenant[], perTenant: number): Next | undefined {
  let least: Next | undefined;
  for (const tenant of tenants) {
    if (tenant.running >= (least?.tenant.running ?? perTenant)) continue;
    const lane = [...tenant.waiting.values()].find((each) => !tenant.claiming.has(keyOf(each)));
    if (lane !== undefined) least = { tenant, lane };
  }
  return least;
}
