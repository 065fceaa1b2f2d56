import { MAX_WEBHOOK_ATTEMPTS, notFound } from "@docket/domain";
import type { Database, Prisma, Transaction } from "../../database/index.ts";
import { DELIVERY_RETENTION_DAYS } from "./recover.ts";

export type WebhookDeliveryRow = Prisma.WebhookDeliveryGetPayload<object>;

/**
 * Makes a further attempt due at once. It is the last one of its schedule unless the delivery waits for one anyway. A delivery that is
 * being attempted gets no further one.
 *
 * @throws DocketError `not_found`, also for a delivery of a deleted endpoint.
 */
export async function resendDelivery(tx: Transaction, id: string): Promise<void> {
  const resent = await tx.$executeRaw`
    UPDATE webhook_deliveries d
    SET status = 'PENDING', next_attempt_at = now(),
        failures = CASE WHEN d.status = 'PENDING' THEN d.failures ELSE ${MAX_WEBHOOK_ATTEMPTS - 1}::smallint END
    FROM webhook_endpoints w
    WHERE d.id = ${id}::uuid AND w.tenant_id = d.tenant_id AND w.id = d.endpoint_id AND w.deleted_at IS NULL`;
  if (resent === 0) throw notFound("webhook delivery");
}

/** The deliveries of enabled endpoints that wait, in one of the two lanes. */
export type WebhookBacklog = {
  readonly retries: boolean;
  readonly deliveries: number;
  /** How long the oldest one has been due. */
  readonly oldestSeconds: number;
};

export async function readWebhookBacklog(
  pool: Database["pool"],
): Promise<readonly WebhookBacklog[]> {
  const { rows } = await pool.query<WebhookBacklog>(
    `SELECT retries, deliveries, oldest_seconds AS "oldestSeconds" FROM metrics_webhook_backlog()`,
  );
  return rows;
}

/** Deletes up to about `limit` deliveries that are kept no longer, and deleted endpoints. Returns how many rows. */
export async function expireDeliveries(pool: Database["pool"], limit: number): Promise<number> {
  const { rows } = await pool.query<{ deleted: number }>(
    "SELECT upkeep_expire_deliveries($1, $2) AS deleted",
    [DELIVERY_RETENTION_DAYS, limit],
  );
  return rows[0]?.deleted ?? 0;
}
