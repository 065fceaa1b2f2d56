import { currentTenant, type Transaction } from "../../database/index.ts";
import { lockEndpoint } from "./lock.ts";
import { IS_MUTED, IS_WANTED } from "./wanted.ts";

/** Deliveries that one call of {@link recoverDeliveries} makes, and those that it resets. */
const MAX_RECOVERED = 10_000;

/** Days for which deliveries are kept (docs/api.md §9). */
export const DELIVERY_RETENTION_DAYS = 30;

/** Deliveries of older events than that may have been deleted. */
const SINCE = `greatest($3::timestamptz, now() - make_interval(days => ${DELIVERY_RETENTION_DAYS}))`;

const RECOVER_FAILED = `
  UPDATE webhook_deliveries SET status = 'PENDING', next_attempt_at = now(), failures = 0
  WHERE tenant_id = $1::uuid AND id = ANY (ARRAY(
    SELECT id FROM webhook_deliveries
    WHERE tenant_id = $1::uuid AND endpoint_id = $2::uuid AND status = 'FAILED' AND event_at >= ${SINCE}
    ORDER BY seq LIMIT ${MAX_RECOVERED}))
    AND status = 'FAILED'`;

const RECOVER_MISSED = `
  INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, seq, type, event_at)
  SELECT e.tenant_id, w.id, e.id, e.seq, e.type, e.at
  FROM webhook_endpoints w
  JOIN events e ON e.tenant_id = w.tenant_id AND e.seq > w.first_seq AND (e.seq <= w.last_seq OR ${IS_MUTED})
  WHERE w.tenant_id = $1::uuid AND w.id = $2::uuid AND e.at >= ${SINCE} AND ${IS_WANTED}
    AND NOT EXISTS (
      SELECT FROM webhook_deliveries d WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.seq = e.seq)
  ORDER BY e.seq LIMIT ${MAX_RECOVERED}
  ON CONFLICT (tenant_id, endpoint_id, seq) DO NOTHING`;

/** The fan-out sends those of the events that have no number yet: it leaves out only what occurred before `SINCE`. */
const UNMUTE = `
  UPDATE webhook_endpoints SET
    muted_from = CASE WHEN muted_until IS NULL AND muted_from >= ${SINCE} THEN now() ELSE muted_from END,
    muted_until = CASE WHEN muted_until IS NOT NULL THEN greatest(muted_from, least(muted_until, ${SINCE})) END
  WHERE tenant_id = $1::uuid AND id = $2::uuid AND muted_from IS NOT NULL`;

/**
 * Sends every FAILED delivery of an event since `since` again, and every event since then that has none because the endpoint was
 * disabled, or is. Older events than the deliveries that are kept are left out. Returns how many.
 *
 * @param since RFC 3339.
 */
export async function recoverDeliveries(
  tx: Transaction,
  endpointId: string,
  since: string,
): Promise<number> {
  // The row lock keeps the cursor where it is between the statements: an event is either behind it, or still muted.
  await tx.$queryRawUnsafe(lockEndpoint(endpointId));
  const of = [currentTenant(), endpointId, since];
  const failed = await tx.$executeRawUnsafe(RECOVER_FAILED, ...of);
  const missed = await tx.$executeRawUnsafe(RECOVER_MISSED, ...of);
  await tx.$executeRawUnsafe(UNMUTE, ...of);
  return failed + missed;
}
