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

/** Rounds per run. The next run tries the endpoints again that failed in this one. */
const ROUNDS = 64;

/** Rounds in which all endpoints fail: after so many in a row, the fault is not theirs, and the run ends. */
const FAILED_ROUNDS = 8;

/** Lanes per run. */
const LANES = 1_000;

type FanOutTools = Pick<WebhookTools, "database" | "queue" | "logger" | "shutdown">;

/**
 * Makes deliveries of the new events of all endpoints, and tells the queue. Tenants take turns, so that one with many endpoints keeps
 * no other one waiting. An endpoint that fails is left out for the rest of the run, so that it holds up no other.
 */
export async function fanOut(tools: FanOutTools): Promise<void> {
  const { database, shutdown } = tools;
  const failed = new Set<string>();
  const attempt = async (endpoint: WebhookEndpointId): Promise<void> => {
    if (!(await fanOutTo(tools, endpoint))) failed.add(endpoint.endpointId);
  };
  let failedRounds = 0;
  for (let round = 0; round < ROUNDS && !shutdown.aborted; round += 1) {
    const endpoints = await findWebhookEndpointsBehind(database.pool, ROUND, failed);
    const failedBefore = failed.size;
    for (let start = 0; start < endpoints.length && !shutdown.aborted; start += BATCH)
      await Promise.all(endpoints.slice(start, start + BATCH).map(attempt));
    const haveAllFailed = failed.size - failedBefore === endpoints.length;
    failedRounds = haveAllFailed ? failedRounds + 1 : 0;
    if (endpoints.length < ROUND || failedRounds === FAILED_ROUNDS) return;
  }
}

/** Returns false if it failed. */
async function fanOutTo(
  tools: FanOutTools,
  { tenantId, endpointId }: WebhookEndpointId,
): Promise<boolean> {
  const { database, logger } = tools;
  try {
    const { added, lastSeq } = await withTenant(tenantId, () =>
      fanOutEvents(database.pool, endpointId),
    );
    if (added > 0)
      hint(tools, { tenantId, endpointId, retries: false }, { id: `${endpointId}-${lastSeq}` });
    return true;
  } catch (error) {
    logger.warn({ err: error, tenantId, endpointId }, "webhook fan-out failed, retrying");
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
