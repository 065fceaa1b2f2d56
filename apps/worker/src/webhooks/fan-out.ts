import { withTenant } from "@docket/platform/database";
import {
  fanOutEvents,
  findDueWebhookLanes,
  findWebhookEndpointsBehind,
  type WebhookEndpointId,
  type WebhookLane,
} from "@docket/platform/rows";
import { hint } from "./hint.ts";
import type { WebhookTools } from "./tools.ts";

/** Endpoints per round. Short rounds: an endpoint whose first new event arrives during a round waits for its end. */
const ROUND = 16;

/** Endpoints whose events are read at the same time. */
const BATCH = 4;

/** Lanes per run. */
const LANES = 1_000;

/**
 * Makes deliveries of the new events of all endpoints, and tells the queue. Tenants take turns, so that one with many endpoints keeps
 * no other one waiting. An endpoint that fails holds up no other, and a round without progress is the last one.
 */
export async function fanOut(tools: WebhookTools): Promise<void> {
  for (;;) {
    const endpoints = await findWebhookEndpointsBehind(tools.database.pool, ROUND);
    const hasProgressed = await fanOutToAll(tools, endpoints);
    if (endpoints.length < ROUND || !hasProgressed || tools.shutdown.aborted) return;
  }
}

async function fanOutToAll(
  tools: WebhookTools,
  endpoints: readonly WebhookEndpointId[],
): Promise<boolean> {
  let hasProgressed = false;
  for (let start = 0; start < endpoints.length && !tools.shutdown.aborted; start += BATCH) {
    const batch = endpoints.slice(start, start + BATCH);
    const moved = await Promise.all(batch.map((each) => fanOutTo(tools, each)));
    hasProgressed ||= moved.includes(true);
  }
  return hasProgressed;
}

/** Returns whether the endpoint's cursor has moved. */
async function fanOutTo(
  tools: WebhookTools,
  { tenantId, endpointId }: WebhookEndpointId,
): Promise<boolean> {
  const { database, logger } = tools;
  try {
    const { added, lastSeq } = await withTenant(tenantId, () =>
      fanOutEvents(database.pool, endpointId),
    );
    if (added > 0)
      hint(tools, { tenantId, endpointId, retries: false }, { id: `${endpointId}-${lastSeq}` });
    return lastSeq !== null;
  } catch (error) {
    logger.warn({ err: error, tenantId, endpointId }, "webhook fan-out failed; it is repeated");
    return false;
  }
}

/** Wakes every lane with attempts that are due: those of lost workers, and those that the queue has lost. */
export async function wakeDue(
  { database }: WebhookTools,
  wake: (lane: WebhookLane) => void,
): Promise<void> {
  for (const lane of await findDueWebhookLanes(database.pool, LANES)) wake(lane);
}
