import { plainTransaction, type Database } from "../../database/index.ts";
import { lockEndpointBriefly } from "./lock.ts";
import { IS_MUTED, IS_WANTED } from "./wanted.ts";

export type WebhookEndpointId = { readonly tenantId: string; readonly endpointId: string };

/**
 * Endpoints with events that have not been considered for them. Tenants take turns: each has one endpoint in the list before any has
 * a second one.
 *
 * @param excluded the ids of endpoints to leave out.
 */
export async function findWebhookEndpointsBehind(
  pool: Pick<Database["pool"], "query">,
  limit: number,
  excluded: Iterable<string> = [],
): Promise<readonly WebhookEndpointId[]> {
  const { rows } = await pool.query<WebhookEndpointId>({
    name: "webhook-endpoints-behind",
    text: `SELECT tenant_id AS "tenantId", id AS "endpointId" FROM webhook_endpoints_behind($1, $2)`,
    values: [limit, [...excluded]],
  });
  return rows;
}

/** The events that one call considers. */
const BATCH = 500;

/**
 * `ignored` loses the events that the cursor passes. From then on, `first_seq` keeps `recover` from sending them. If no event is left
 * to consider, because those after the cursor have expired, the cursor moves to the last one that there was.
 */
const FAN_OUT = `
  WITH endpoint AS MATERIALIZED (
    SELECT * FROM webhook_endpoints WHERE id = $1::uuid AND enabled AND deleted_at IS NULL),
  batch AS MATERIALIZED (
    SELECT e.* FROM endpoint w CROSS JOIN LATERAL (
      SELECT tenant_id, seq, id, type, subject, at, audit_seq FROM events
      WHERE tenant_id = w.tenant_id AND seq > w.last_seq ORDER BY seq LIMIT ${BATCH}) e),
  added AS (
    INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, seq, type, event_at)
    SELECT e.tenant_id, w.id, e.id, e.seq, e.type, e.at FROM batch e CROSS JOIN endpoint w
    WHERE ${IS_WANTED} AND NOT ${IS_MUTED}
    ORDER BY e.seq
    ON CONFLICT (tenant_id, endpoint_id, seq) DO NOTHING
    RETURNING seq),
  passed AS (
    SELECT coalesce((SELECT max(seq) FROM batch), (SELECT h.seq FROM event_heads h WHERE h.tenant_id = endpoint.tenant_id)) AS seq
    FROM endpoint),
  moved AS (
    UPDATE webhook_endpoints w
    SET last_seq = passed.seq,
        first_seq = greatest(w.first_seq, (SELECT max(seq) FROM batch WHERE audit_seq = ANY (w.ignored))),
        ignored = ARRAY(SELECT unnest(w.ignored) EXCEPT SELECT audit_seq FROM batch)
    FROM endpoint, passed WHERE w.tenant_id = endpoint.tenant_id AND w.id = endpoint.id AND w.last_seq < passed.seq
    RETURNING w.last_seq)
  SELECT (SELECT count(*) FROM added)::int AS added, (SELECT last_seq FROM moved)::text AS "lastSeq"`;

/**
 * Makes a delivery of each event that the endpoint wants, and moves its cursor, in one transaction: of a crash, either both remain or
 * neither does. Returns how many, and the new cursor.
 */
export const fanOutEvents = (
  pool: Database["pool"],
  endpointId: string,
): Promise<{ readonly added: number; readonly lastSeq: string | null }> =>
  // The row lock makes a second worker wait, and then continue at the cursor of the first.
  plainTransaction(pool, lockEndpointBriefly(endpointId), async (client) => {
    const { rows } = await client.query<{ added: number; lastSeq: string | null }>({
      name: "webhook-fan-out",
      text: FAN_OUT,
      values: [endpointId],
    });
    return rows[0] ?? { added: 0, lastSeq: null };
  });
