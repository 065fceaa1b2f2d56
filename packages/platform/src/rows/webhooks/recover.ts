import { currentTenant, type Transaction } from "../../database/index.ts";
import { lockEndpoint } from "./lock.ts";
import { IS_MUTED, IS_WANTED } from "./wanted.ts";

/** Deliveries that one call of {@link recoverDeliveries} makes, and those that it resets. */
const MAX_RECOVERED = 10_000;

/** Days for which deliveries are kept (docs/api.md §9). */
export const DELIVERY_RETENTION_DAYS = 30;

/** Deliveries of older events than that may have been deleted. */
const SINCE = `greatest($3::timestamptz, now() - make_interval(days => ${DELIVERY_RETENTION_DAYS}))`;

/** More than a transaction lasts that writes events. `at` is when it began, and a number is drawn when it has committed. */
const MARGIN = "interval '1 day'";

/**
 * A number before all events since then, by binary search. `at` does not rise with the numbers, but an event that occurred `MARGIN`
 * before then proves that all before it occurred before then.
 */
const FIND_BOUNDS = `
  WITH RECURSIVE head AS (SELECT coalesce((SELECT seq FROM event_heads WHERE tenant_id = $1::uuid), 0) AS seq),
  search (low, high) AS (
    SELECT w.first_seq, head.seq + 1 FROM webhook_endpoints w, head WHERE w.tenant_id = $1::uuid AND w.id = $2::uuid
    UNION ALL
    SELECT CASE WHEN m.is_before THEN m.middle ELSE low END, CASE WHEN m.is_before THEN high ELSE m.middle END
    FROM search CROSS JOIN LATERAL (
      SELECT (low + high) / 2 AS middle, coalesce((
        SELECT e.at < ${SINCE} - ${MARGIN} FROM events e
        WHERE e.tenant_id = $1::uuid AND e.seq >= (low + high) / 2 ORDER BY e.seq LIMIT 1), false) AS is_before) m
    WHERE high - low > 1)
  SELECT max(low)::text AS before, (SELECT seq FROM head)::text AS head FROM search`;

const RECOVER_FAILED = `
  UPDATE webhook_deliveries SET status = 'PENDING', next_attempt_at = now(), failures = 0
  WHERE tenant_id = $1::uuid AND id = ANY (ARRAY(
    SELECT id FROM webhook_deliveries
    WHERE tenant_id = $1::uuid AND endpoint_id = $2::uuid AND status = 'FAILED' AND event_at >= ${SINCE} AND seq > $4::bigint
    ORDER BY seq LIMIT ${MAX_RECOVERED}))
    AND status = 'FAILED'`;

const MISSED = `
  FROM webhook_endpoints w
  JOIN events e ON e.tenant_id = w.tenant_id AND e.seq > w.first_seq AND (e.seq <= w.last_seq OR ${IS_MUTED})
  WHERE w.tenant_id = $1::uuid AND w.id = $2::uuid AND e.at >= ${SINCE} AND ${IS_WANTED}
    AND NOT EXISTS (
      SELECT FROM webhook_deliveries d WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.seq = e.seq)`;

const FIND_MISSED = `
  SELECT coalesce(array_agg(seq), '{}')::text[] AS missed FROM (
    SELECT e.seq ${MISSED} AND e.seq > $4::bigint AND e.seq <= $5::bigint ORDER BY e.seq LIMIT ${MAX_RECOVERED}) m`;

/** Of those that were found without the lock, and of the events since. */
const RECOVER_MISSED = `
  INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, seq, type, event_at)
  SELECT e.tenant_id, w.id, e.id, e.seq, e.type, e.at ${MISSED} AND e.seq IN (
    SELECT unnest($5::text[])::bigint UNION ALL SELECT n.seq FROM events n WHERE n.tenant_id = $1::uuid AND n.seq > $4::bigint)
  ORDER BY e.seq LIMIT ${MAX_RECOVERED}
  ON CONFLICT (tenant_id, endpoint_id, seq) DO NOTHING`;

/** The fan-out sends those of the events that have no number yet: it leaves out only what occurred before `SINCE`. */
const UNMUTE = `
  UPDATE webhook_endpoints SET
    muted_from = CASE WHEN muted_until IS NULL AND muted_from >= ${SINCE} THEN now() ELSE muted_from END,
    muted_until = CASE WHEN muted_until IS NOT NULL THEN greatest(muted_from, least(muted_until, ${SINCE})) END
  WHERE tenant_id = $1::uuid AND id = $2::uuid AND muted_from IS NOT NULL`;

/** Numbers of events: one before all that are recovered, and the last one of the tenant. */
type Bounds = { readonly before: string; readonly head: string };

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
  const of = [currentTenant(), endpointId, since];
  const [bounds] = await tx.$queryRawUnsafe<[Bounds]>(FIND_BOUNDS, ...of);
  const { before, head } = bounds;
  // Without the lock, because it may take seconds, and claims wait for the lock. An event that is neither behind the cursor nor muted
  // now is left to the fan-out. If it becomes muted and is passed before the lock is taken, the next call finds it.
  const [{ missed }] = await tx.$queryRawUnsafe<[{ missed: string[] }]>(
    FIND_MISSED,
    ...of,
    before,
    head,
  );
  // The row lock keeps the cursor where it is between the statements: an event is either behind it, or still muted.
  await tx.$queryRawUnsafe(lockEndpoint(endpointId));
  const failed = await tx.$executeRawUnsafe(RECOVER_FAILED, ...of, before);
  const recovered = await tx.$executeRawUnsafe(RECOVER_MISSED, ...of, head, missed);
  await tx.$executeRawUnsafe(UNMUTE, ...of);
  return failed + recovered;
}
