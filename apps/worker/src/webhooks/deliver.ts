import { UnsealError, type Logger } from "@docket/platform";
import { statementsOf, withTenant } from "@docket/platform/database";
import {
  claimDelivery,
  disableWebhookEndpoint,
  handBackDelivery,
  settleDelivery,
  type HeldDelivery,
  type WebhookLane,
} from "@docket/platform/rows";
import { attemptDelivery, type AttemptResult } from "./attempt.ts";
import { hint } from "./hint.ts";
import type { WebhookTools } from "./tools.ts";

/** How long a delivery waits whose secret cannot be decrypted: an operator must complete `SECRETS_KEY`. */
const UNSEALED_DELAY_MS = 60_000;

/** The queue measures the delay with another clock than the database. */
const DELAY_MARGIN_MS = 25;

/**
 * Runs the next due attempt of a lane. A crash at any point loses nothing: the lease expires, and the attempt is repeated.
 *
 * @param onClaimed called when the attempt has been claimed. `isRoomLeft`: another one of the lane may run beside it.
 * @returns false if there was none to run.
 */
export const deliverNext = (
  tools: WebhookTools,
  lane: WebhookLane,
  onClaimed: (isRoomLeft: boolean) => void,
): Promise<boolean> =>
  withTenant(lane.tenantId, async () => {
    const delivery = await claimDelivery(tools.database.pool, lane);
    if (delivery === undefined) return false;
    onClaimed(delivery.isRoomLeft);
    try {
      await settle(tools, delivery, await attemptDelivery(tools, delivery, lane.tenantId), lane);
    } catch (error) {
      if (!tools.shutdown.aborted && !(error instanceof UnsealError)) throw error;
      const delayMs = tools.shutdown.aborted ? 0 : UNSEALED_DELAY_MS;
      await handBackDelivery(statementsOf(tools.database.pool), delivery, delayMs);
      if (!tools.shutdown.aborted) throw error;
    }
    return true;
  });

async function settle(
  tools: WebhookTools,
  delivery: HeldDelivery,
  result: AttemptResult,
  lane: WebhookLane,
): Promise<void> {
  const { database, logger, metrics } = tools;
  const settled = result.isGone
    ? await settleGone(tools, delivery, result)
    : await settleDelivery(statementsOf(database.pool), delivery, result);
  if (settled === undefined) return;
  const { responseStatus, error, durationMs } = result.attempt;
  const isRetried = settled.status === "PENDING";
  metrics.webhookAttempted(outcomeOf(result, isRetried), durationMs / 1_000);
  logger.debug(
    { deliveryId: delivery.id, seq: delivery.seq, responseStatus, error, status: settled.status },
    "webhook attempt",
  );
  if (settled.isFailing) await disableFailing(tools, delivery);
  if (isRetried) hintRetry(tools, delivery, result, lane);
}

const outcomeOf = (
  { isDelivered }: AttemptResult,
  isRetried: boolean,
): "delivered" | "retried" | "failed" => {
  if (isDelivered) return "delivered";
  return isRetried ? "retried" : "failed";
};

/** 410 fails the delivery and disables the endpoint in one transaction. */
async function settleGone(
  { database, logger }: WebhookTools,
  delivery: HeldDelivery,
  result: AttemptResult,
): ReturnType<typeof settleDelivery> {
  const { endpointId } = delivery;
  const outcome = await database.transaction(async (tx) => {
    // In the order in which claims lock the two rows.
    const isDisabled = await disableWebhookEndpoint(tx, endpointId, "gone");
    const settled = await settleDelivery(tx, delivery, result);
    if (settled === undefined) throw new Error("the lease of the delivery has expired");
    return { isDisabled, settled };
  });
  if (outcome.isDisabled) logDisabled(logger, endpointId, "gone");
  return outcome.settled;
}

async function disableFailing(
  { database, logger }: WebhookTools,
  { endpointId }: HeldDelivery,
): Promise<void> {
  if (await database.transaction((tx) => disableWebhookEndpoint(tx, endpointId, "failing")))
    logDisabled(logger, endpointId, "failing");
}

function logDisabled(logger: Logger, endpointId: string, reason: "gone" | "failing"): void {
  logger.warn({ endpointId, reason }, "webhook endpoint disabled");
}

/** A longer wait is left to the timer, so that the queue holds few messages. */
const MAX_QUEUED_MS = 60_000;

function hintRetry(
  tools: WebhookTools,
  { id, endpointId, failures }: HeldDelivery,
  { retryMs = 0 }: AttemptResult,
  { tenantId }: WebhookLane,
): void {
  if (retryMs > MAX_QUEUED_MS) return;
  hint(
    tools,
    { tenantId, endpointId, retries: true },
    { id: `${id}-${failures}`, delayMs: retryMs + DELAY_MARGIN_MS },
  );
}
