import { currentTenant, type Transaction } from "../../database/index.ts";
import { IS_WANTED } from "./wanted.ts";

/** Deliveries that one call of {@link recoverDeliveries} makes or resets. */
const MAX_RECOVERED = 100_000;

const RECOVER_FAILED = `
  UPDATE webhook_deliveries SET status = 'PENDING', next_attempt_at = now(), failures = 0
  WHERE tenant_id = $1::uuid AND id = ANY (ARRAY(
    SELECT id FROM webhook_deliveries
    WHERE tenant_id = $1::uuid AND endpoint_id = $2::uuid AND status = 'FAILED' AND event_at >= $3::timestamptz
    ORDER BY seq LIMIT ${MAX_RECOVERED}))
    AND status = 'FAILED'`;

const RECOVER_MISSED = `
  INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, seq, type, event_at)
  SELECT e.tenant_id, w.id, e.id, e.seq, e.type, e.at
  FROM webhook_endpoints w JOIN events e ON e.tenant_id = w.tenant_id AND e.seq > w.first_seq AND e.seq <= w.last_seq
  WHERE w.tenant_id = $1::uuid AND w.id = $2::uuid AND e.at >= greatest($3::timestamptz, now() - make_interval(days => $4))
    AND ${IS_WANTED}
    AND NOT EXISTS (
      SELECT FROM webhook_deliveries d WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.seq = e.seq)
  ORDER BY e.seq LIMIT ${MAX_RECOVERED}
  ON CONFLICT (tenant_id, endpoint_id, seq) DO NOTHING`;

/** Days for which deliveries are kept (docs/api.md §9). */
export const DELIVERY_RETENTION_DAYS = 30;

/**
 * Sends every FAILED delivery of an event since `since` again, and every event since then that has none. Older events than the
 * deliveries that are kept are left out: their deliveries may have been deleted. Returns how many.
 *
 * @param since RFC 3339.
 */
export async function recoverDeliveries(
  tx: Transaction,
  endpointId: string,
  since: string,
): Promise<number> {
  const of = [currentTenant(), endpointId, since];
  const failed = await tx.$executeRawUnsafe(RECOVER_FAILED, ...of);
  return failed + (await tx.$executeRawUnsafe(RECOVER_MISSED, ...of, DELIVERY_RETENTION_DAYS));
}
