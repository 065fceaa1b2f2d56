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

/** Endpoints and lanes per run. */
const LIMIT = 1_000;

/** Endpoints whose events are read at the same time. */
const BATCH = 4;

/** Makes deliveries of the new events of all endpoints, and tells the queue. One endpoint that fails holds up no other. */
export async function fanOut(tools: WebhookTools): Promise<void> {
  const endpoints = await findWebhookEndpointsBehind(tools.database.pool, LIMIT);
  for (let start = 0; start < endpoints.length && !tools.shutdown.aborted; start += BATCH)
    await Promise.all(endpoints.slice(start, start + BATCH).map((each) => fanOutTo(tools, each)));
}

async function fanOutTo(
  tools: WebhookTools,
  { tenantId, endpointId }: WebhookEndpointId,
): Promise<void> {
  const { database, logger } = tools;
  try {
    const { added, lastSeq } = await withTenant(tenantId, () =>
      fanOutEvents(database.pool, endpointId),
    );
    if (added > 0)
      hint(tools, { tenantId, endpointId, retries: false }, { id: `${endpointId}-${lastSeq}` });
  } catch (error) {
    logger.warn({ err: error, tenantId, endpointId }, "webhook fan-out failed; it is repeated");
  }
}

/** Wakes every lane with attempts that are due: those of lost workers, and those that the queue has lost. */
export async function wakeDue(
  { database }: WebhookTools,
  wake: (lane: WebhookLane) => void,
): Promise<void> {
  for (const lane of await findDueWebhookLanes(database.pool, LIMIT)) wake(lane);
}
