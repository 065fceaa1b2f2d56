import { randomUUID } from "node:crypto";
import { WEBHOOK_FAILING_HOURS, type WebhookDeliveryStatus } from "@docket/domain";
import { plainTransaction, type Database, type Statements } from "../../database/index.ts";
import type { WebhookEndpointId } from "./fan-out.ts";
import { lockEndpointBriefly } from "./lock.ts";

/** First attempts start in the order of the events. Repeated ones have a lane of their own, so that they hold up no event. */
export type WebhookLane = WebhookEndpointId & { readonly retries: boolean };

/** The lanes of all tenants with attempts that are due. */
export async function findDueWebhookLanes(
  pool: Database["pool"],
  limit: number,
): Promise<readonly WebhookLane[]> {
  const { rows } = await pool.query<WebhookLane>({
    name: "webhook-lanes-due",
    text: `SELECT tenant_id AS "tenantId", id AS "endpointId", retries FROM webhook_endpoints_due($1)`,
    values: [limit],
  });
  return rows;
}

/** A delivery whose next attempt this worker runs. `holder` is the fencing token: the writes below are conditional on it. */
export type HeldDelivery = {
  readonly id: string;
  readonly holder: string;
  readonly endpointId: string;
  readonly url: string;
  /** The endpoint's column. */
  readonly secrets: unknown;
  /** Failed attempts so far. */
  readonly failures: number;
  readonly eventId: string;
  readonly seq: number;
  readonly type: string;
  /** Null if the event has been deleted. */
  readonly event: {
    readonly subject: string;
    readonly at: Date;
    /** JSON; null if it was erased. */
    readonly data: string | null;
  } | null;
  /** Another attempt of the lane may run beside this one. */
  readonly isRoomLeft: boolean;
};

/** Seconds for which a claim is valid: longer than any attempt, so that nothing renews it. */
const LEASE_SECONDS = 30;

/** The delivery to attempt next, if it is due. A first attempt that was handed back is waited for: later events may not overtake it. */
const NEXT = {
  first: `NOT d.started ORDER BY d.seq`,
  repeated: `d.started AND d.next_attempt_at <= now() AND (d.lease_until IS NULL OR d.lease_until < now()) ORDER BY d.next_attempt_at`,
};

const claimStatement = (next: string): string => `
  WITH endpoint AS MATERIALIZED (
    SELECT w.*, (
      SELECT count(*) FROM webhook_deliveries d
      WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.lease_until > now() AND d.repeated = $2::boolean
    ) AS running
    FROM webhook_endpoints w WHERE w.id = $1::uuid AND w.enabled AND w.deleted_at IS NULL),
  claimed AS (
    UPDATE webhook_deliveries c
    SET started = true, repeated = $2::boolean, holder = $3::uuid, lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
    FROM (
      SELECT next.tenant_id, next.id FROM endpoint w CROSS JOIN LATERAL (
        SELECT d.tenant_id, d.id, d.next_attempt_at FROM webhook_deliveries d
        WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.status = 'PENDING' AND ${next} LIMIT 1) next
      WHERE w.running < w.max_in_flight AND next.next_attempt_at <= now()) picked
    WHERE c.tenant_id = picked.tenant_id AND c.id = picked.id
    RETURNING c.*)
  SELECT c.id, c.endpoint_id AS "endpointId", w.url, w.secrets, c.failures, c.event_id AS "eventId", c.seq::float8 AS seq, c.type,
         e.subject, e.at, e.data, w.running + 1 < w.max_in_flight AS "isRoomLeft"
  FROM claimed c CROSS JOIN endpoint w LEFT JOIN events e ON e.tenant_id = c.tenant_id AND e.seq = c.seq`;

const CLAIM_FIRST = { name: "webhook-claim-first", text: claimStatement(NEXT.first) };
const CLAIM_REPEATED = { name: "webhook-claim-repeated", text: claimStatement(NEXT.repeated) };

type ClaimedRow = Omit<HeldDelivery, "holder" | "event"> & {
  readonly subject: string | null;
  readonly at: Date;
  readonly data: string | null;
};

/**
 * Acquires the next due delivery of a lane. Undefined if there is none, if `maxInFlight` attempts of the lane run already, or if the
 * endpoint is disabled.
 */
export function claimDelivery(
  pool: Database["pool"],
  { endpointId, retries }: WebhookLane,
): Promise<HeldDelivery | undefined> {
  const holder = randomUUID();
  const claim = retries ? CLAIM_REPEATED : CLAIM_FIRST;
  // The row lock makes concurrent claims of an endpoint take turns: the next one sees this attempt running.
  return plainTransaction(pool, lockEndpointBriefly(endpointId), async (client) => {
    const values = [endpointId, retries, holder];
    const { rows } = await client.query<ClaimedRow>({ ...claim, values });
    const [row] = rows;
    if (row === undefined) return undefined;
    const { subject, at, data, ...rest } = row;
    return { ...rest, holder, event: subject === null ? null : { subject, at, data } };
  });
}

/** One attempt, as the list of deliveries shows it. */
export type WebhookAttempt = {
  /** RFC 3339. */
  readonly at: string;
  readonly durationMs: number;
  readonly responseStatus?: number;
  readonly error?: string;
  readonly responseBody?: string;
};

export type WebhookOutcome = {
  readonly isDelivered: boolean;
  /** Milliseconds until the next attempt; undefined: there is none. */
  readonly retryMs: number | undefined;
  readonly attempt: WebhookAttempt;
};

/** The attempts that a delivery keeps. */
const MAX_KEPT_ATTEMPTS = 20;

/** Locks the endpoint and then the delivery, in the order of a claim. */
const SETTLE = `
  WITH endpoint AS MATERIALIZED (
    SELECT tenant_id, id FROM webhook_endpoints WHERE id = $6::uuid FOR NO KEY UPDATE),
  settled AS (
    UPDATE webhook_deliveries d
    SET status = CASE WHEN $3::boolean THEN 'DELIVERED' WHEN $4::float8 IS NOT NULL THEN 'PENDING'
                      WHEN d.delivered THEN 'DELIVERED' ELSE 'FAILED' END,
        next_attempt_at = now() + make_interval(secs => $4::float8),
        failures = d.failures + CASE WHEN $3::boolean THEN 0 ELSE 1 END,
        delivered = d.delivered OR $3::boolean, holder = NULL, lease_until = NULL,
        attempts = CASE WHEN jsonb_array_length(d.attempts) >= ${MAX_KEPT_ATTEMPTS} THEN d.attempts - 0 ELSE d.attempts END || $5::jsonb
    FROM endpoint w
    WHERE d.tenant_id = w.tenant_id AND d.endpoint_id = w.id AND d.id = $1::uuid AND d.holder = $2::uuid
    RETURNING d.tenant_id, d.endpoint_id, d.status),
  marked AS (
    UPDATE webhook_endpoints w SET failing_since = CASE WHEN $3::boolean THEN NULL ELSE now() END
    FROM settled s
    WHERE w.tenant_id = s.tenant_id AND w.id = s.endpoint_id AND (w.failing_since IS NOT NULL) = $3::boolean)
  SELECT s.status,
         NOT $3::boolean AND coalesce(w.failing_since <= now() - make_interval(hours => ${WEBHOOK_FAILING_HOURS}), false) AS "isFailing"
  FROM settled s JOIN webhook_endpoints w ON w.tenant_id = s.tenant_id AND w.id = s.endpoint_id`;

/**
 * Records an attempt. Returns the new status, and whether the endpoint has failed for so long that it must be disabled. Undefined,
 * and nothing changes, if the lease has expired and another worker has claimed the delivery.
 */
export async function settleDelivery(
  tx: Statements,
  { id, holder, endpointId }: Pick<HeldDelivery, "id" | "holder" | "endpointId">,
  { isDelivered, retryMs, attempt }: WebhookOutcome,
): Promise<{ readonly status: WebhookDeliveryStatus; readonly isFailing: boolean } | undefined> {
  const retrySeconds = isDelivered || retryMs === undefined ? null : retryMs / 1_000;
  const values = [id, holder, isDelivered, retrySeconds, JSON.stringify(attempt), endpointId];
  const [settled] = await tx.$queryRawUnsafe<
    { status: WebhookDeliveryStatus; isFailing: boolean }[]
  >(SETTLE, ...values);
  return settled;
}

/** Gives a delivery back without an attempt, for any worker after `delayMs`. A first attempt is then a first one again. */
export async function handBackDelivery(
  tx: Statements,
  { id, holder }: Pick<HeldDelivery, "id" | "holder">,
  delayMs: number,
): Promise<void> {
  await tx.$executeRawUnsafe(HAND_BACK, id, holder, delayMs / 1_000);
}

const HAND_BACK = `
  UPDATE webhook_deliveries
  SET started = repeated, holder = NULL, lease_until = NULL, next_attempt_at = now() + make_interval(secs => $3::float8)
  WHERE id = $1::uuid AND holder = $2::uuid`;
