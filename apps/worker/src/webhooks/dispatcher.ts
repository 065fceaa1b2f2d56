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
};

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
  /** The lanes whose next attempt is being claimed. A second claim would only wait for the first, on a connection of its own. */
  const claiming = new Set<string>();
  let isClosed = false;

  const startable = ({ running, waiting }: Tenant): WebhookLane | undefined =>
    running < perTenant
      ? [...waiting.values()].find((lane) => !claiming.has(keyOf(lane)))
      : undefined;

  const wake = (lane: WebhookLane): void => {
    if (isClosed) return;
    const tenant = tenants.get(lane.tenantId) ?? { running: 0, waiting: new Map() };
    tenants.set(lane.tenantId, tenant);
    if (!tenant.waiting.has(keyOf(lane))) tenant.waiting.set(keyOf(lane), lane);
    startWaiting();
  };

  const startWaiting = (): void => {
    while (!isClosed && attempts.size < permits) {
      const next = leastBusy([...tenants.values()], startable);
      if (next === undefined) return;
      next.tenant.waiting.delete(keyOf(next.lane));
      start(next.tenant, next.lane);
    }
  };

  const start = (tenant: Tenant, lane: WebhookLane): void => {
    tenant.running += 1;
    claiming.add(keyOf(lane));
    let isClaiming = true;
    // Later, another attempt of the lane may be claiming.
    const endClaim = (): void => {
      if (isClaiming) claiming.delete(keyOf(lane));
      isClaiming = false;
    };
    const onClaimed = (isRoomLeft: boolean): void => {
      endClaim();
      if (isRoomLeft) wake(lane);
      startWaiting();
    };
    const attempt = runLane(lane, onClaimed).finally(() => {
      endClaim();
      attempts.delete(attempt);
      tenant.running -= 1;
      if (tenant.running === 0 && tenant.waiting.size === 0) tenants.delete(lane.tenantId);
      startWaiting();
    });
    attempts.add(attempt);
  };

  const runLane = async (
    lane: WebhookLane,
    onClaimed: (isRoomLeft: boolean) => void,
  ): Promise<void> => {
    try {
      if (await run(lane, onClaimed)) wake(lane);
    } catch (error) {
      const { tenantId, endpointId } = lane;
      logger.warn({ err: error, tenantId, endpointId }, "webhook delivery failed");
    }
  };

  return {
    wake,
    close: async () => {
      isClosed = true;
      await Promise.all(attempts);
    },
  };
}

type Next = { readonly tenant: Tenant; readonly lane: WebhookLane };

/** The tenant with the fewest attempts among those that have a lane to start, and that lane. */
function leastBusy(
  tenants: readonly Tenant[],
  startable: (tenant: Tenant) => WebhookLane | undefined,
): Next | undefined {
  let least: Next | undefined;
  for (const tenant of tenants) {
    const lane = startable(tenant);
    if (lane !== undefined && tenant.running < (least?.tenant.running ?? Number.POSITIVE_INFINITY))
      least = { tenant, lane };
  }
  return least;
}
