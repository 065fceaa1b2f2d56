import {
  DocketError,
  MAX_WEBHOOK_ENDPOINTS,
  notFound,
  webhookEndpointPath,
  webhookEndpointView,
  type EventType,
  type WebhookDisabledReason,
} from "@docket/domain";
import { currentTenant, Prisma, type Transaction } from "../../database/index.ts";
import { recordEvent, type Actor } from "../events/index.ts";

/** A secret of an endpoint. */
export type WebhookSecret = {
  readonly sealed: string;
  /** The end of the grace of a rotated secret, RFC 3339; null for the current one. */
  readonly until: string | null;
};

/** The purpose with which the secrets of a tenant's endpoints are sealed. */
export const webhookSecretPurpose = (tenantId: string): string => `webhook-secret ${tenantId}`;

export type WebhookEndpointRow = Prisma.WebhookEndpointGetPayload<object>;

export type WebhookEndpointFields = Pick<
  WebhookEndpointRow,
  "url" | "description" | "types" | "enabled" | "maxInFlight"
>;

/** Writes the event of a change of an endpoint, in its transaction. */
const recordChange = (
  tx: Transaction,
  by: Partial<Actor>,
  change: "created" | "updated" | "deleted" | "disabled",
  row: WebhookEndpointRow,
): Promise<void> => recordEndpointEvent(tx, by, `webhook-endpoint.${change}`, row);

const recordEndpointEvent = (
  tx: Transaction,
  by: Partial<Actor>,
  type: EventType,
  row: WebhookEndpointRow,
): Promise<void> =>
  recordEvent(tx, by, {
    type,
    subject: webhookEndpointPath(row.id),
    data: webhookEndpointView(row),
  });

/** @throws DocketError `webhook_endpoint_limit_reached`, or `dependency_unavailable` while many events have no number yet. */
export async function addWebhookEndpoint(
  tx: Transaction,
  by: Actor,
  fields: WebhookEndpointFields,
  secret: WebhookSecret,
): Promise<WebhookEndpointRow> {
  const tenantId = currentTenant();
  // The lock makes a concurrent create wait, and then count this endpoint too.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('webhook-endpoints ' || ${tenantId}, 0))`;
  if ((await tx.webhookEndpoint.count({ where: { deletedAt: null } })) >= MAX_WEBHOOK_ENDPOINTS) {
    throw new DocketError(
      "webhook_endpoint_limit_reached",
      `A tenant has at most ${MAX_WEBHOOK_ENDPOINTS} webhook endpoints; delete one first.`,
    );
  }
  const row = await tx.webhookEndpoint.create({ data: { tenantId, ...fields, secrets: [secret] } });
  await recordChange(tx, by, "created", row);
  // Last, and in one statement, that is, of one snapshot: what is committed by now is not sent, with or without a number. The event of
  // the creation itself has none yet.
  const isBegun = await tx.$executeRaw`
    UPDATE webhook_endpoints w
    SET last_seq = h.seq, first_seq = h.seq, ignored = h.unnumbered, muted_from = CASE WHEN enabled THEN NULL ELSE now() END
    FROM (SELECT coalesce((SELECT seq FROM event_heads), 0) AS seq, unnumbered_events() AS unnumbered) h
    WHERE w.id = ${row.id}::uuid AND h.unnumbered IS NOT NULL`;
  if (isBegun === 0)
    throw new DocketError(
      "dependency_unavailable",
      "Too many events wait for a number; try again soon.",
    );
  return row;
}

/** @throws DocketError `not_found`, also for an endpoint of another tenant. */
export async function findWebhookEndpoint(
  tx: Transaction,
  id: string,
): Promise<WebhookEndpointRow> {
  const row = await tx.webhookEndpoint.findFirst({ where: { id, deletedAt: null } });
  if (row === null) throw notFound("webhook endpoint");
  return row;
}

/** The same, locked until the end of the transaction, so that concurrent changes take turns. @throws DocketError `not_found` */
export async function lockWebhookEndpoint(
  tx: Transaction,
  id: string,
): Promise<WebhookEndpointRow> {
  await tx.$queryRaw`SELECT 1 FROM webhook_endpoints WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return findWebhookEndpoint(tx, id);
}

/**
 * The columns of an endpoint `w` that is disabled. What was committed before is still sent when it is enabled again, unless the fan-out
 * has not passed all events of an earlier time in which it was disabled: then the two times become one.
 */
const DISABLE = Prisma.sql`
  enabled = false, muted_until = NULL, updated_at = now(),
  muted_from = CASE WHEN EXISTS (
      SELECT FROM events e
      WHERE e.tenant_id = w.tenant_id AND e.seq > w.last_seq AND e.at >= w.muted_from AND e.at < w.muted_until)
    THEN w.muted_from ELSE now() END`;

/** Events of the time while it was disabled are not sent. */
const ENABLE = Prisma.sql`
  enabled = true, muted_until = now(), disabled_reason = NULL, failing_since = NULL, updated_at = now()`;

/** @throws DocketError `not_found` */
export async function updateWebhookEndpoint(
  tx: Transaction,
  by: Actor,
  id: string,
  { enabled, ...fields }: Partial<WebhookEndpointFields>,
): Promise<WebhookEndpointRow> {
  const before = await lockWebhookEndpoint(tx, id);
  if (enabled !== undefined && enabled !== before.enabled)
    await tx.$executeRaw`UPDATE webhook_endpoints w SET ${enabled ? ENABLE : DISABLE} WHERE id = ${id}::uuid`;
  const row = await changeRow(tx, id, fields);
  await recordChange(tx, by, "updated", row);
  return row;
}

const changeRow = (
  tx: Transaction,
  id: string,
  data: Prisma.WebhookEndpointUpdateInput,
): Promise<WebhookEndpointRow> =>
  tx.webhookEndpoint.update({
    where: { tenantId_id: { tenantId: currentTenant(), id } },
    data: { ...data, updatedAt: new Date() },
  });

/** Disables an endpoint to which nothing can be delivered. Does nothing if it is disabled already, or deleted. */
export async function disableWebhookEndpoint(
  tx: Transaction,
  id: string,
  reason: WebhookDisabledReason,
): Promise<boolean> {
  // The row lock of this UPDATE makes a second worker wait, and then find the endpoint disabled.
  const disabled = await tx.$executeRaw`
    UPDATE webhook_endpoints w SET ${DISABLE}, disabled_reason = ${reason}
    WHERE id = ${id}::uuid AND enabled AND deleted_at IS NULL`;
  if (disabled === 0) return false;
  await recordChange(tx, {}, "disabled", await findWebhookEndpoint(tx, id));
  return true;
}

/** Upkeep deletes the row and its deliveries. @throws DocketError `not_found` */
export async function deleteWebhookEndpoint(tx: Transaction, by: Actor, id: string): Promise<void> {
  await lockWebhookEndpoint(tx, id);
  const row = await changeRow(tx, id, { deletedAt: new Date(), secrets: [] });
  await recordChange(tx, by, "deleted", row);
}

/** The most secrets of an endpoint. Rotating more often within the grace ends that of the oldest one. */
const MAX_SECRETS = 10;

/** Makes `secret` the current one. The current one until now signs for another `graceSeconds`. @throws DocketError `not_found` */
export async function rotateWebhookSecret(
  tx: Transaction,
  by: Actor,
  id: string,
  { sealed, graceSeconds, now }: { sealed: string; graceSeconds: number; now: Date },
): Promise<void> {
  const { secrets } = await lockWebhookEndpoint(tx, id);
  const until = new Date(now.getTime() + graceSeconds * 1_000).toISOString();
  const rotated = validSecrets(secrets, now)
    .map((secret) => ({ ...secret, until: secret.until ?? until }))
    .filter((secret) => secret.until > now.toISOString());
  const all = [{ sealed, until: null }, ...rotated].slice(0, MAX_SECRETS);
  await recordChange(tx, by, "updated", await changeRow(tx, id, { secrets: all }));
}

/** The secrets that sign at `now`, the current one first. @param secrets the column. */
export const validSecrets = (secrets: unknown, now: Date): readonly WebhookSecret[] =>
  (secrets as readonly WebhookSecret[]).filter(
    ({ until }) => until === null || until > now.toISOString(),
  );

/** Sends `webhook.test` to one endpoint. @throws DocketError `not_found`, or `webhook_endpoint_disabled`. */
export async function testWebhookEndpoint(tx: Transaction, by: Actor, id: string): Promise<void> {
  const row = await lockWebhookEndpoint(tx, id);
  if (!row.enabled) {
    throw new DocketError(
      "webhook_endpoint_disabled",
      "The endpoint is disabled; enable it first.",
    );
  }
  await recordEndpointEvent(tx, by, "webhook.test", row);
}
