import { randomBytes } from "node:crypto";
import {
  DocketError,
  EVENT_FAMILIES,
  eventPermission,
  type WebhookDeliveryFilters,
} from "@docket/domain";
import { RefusedError, type OutboundPolicy } from "@docket/platform/outbound";
import type { Transaction } from "@docket/platform/database";
import {
  findWebhookEndpoint,
  lockWebhookEndpoint,
  type WebhookDeliveryRow,
  type WebhookEndpointRow,
} from "@docket/platform/rows";
import type { ApiContext } from "../context.ts";
import { webhooksNotConfigured } from "../http/sealed-reply.ts";
import { chunked } from "../lists/chunked.ts";
import { pageArguments, type Window } from "../lists/newest-first.ts";

const SECRET_BYTES = 32;

/** A new secret, as Standard Webhooks writes it. */
export const createSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;

/** @throws DocketError `webhooks_not_configured` */
export function requireWebhooks({ webhooks }: ApiContext): NonNullable<ApiContext["webhooks"]> {
  if (webhooks === undefined) throw webhooksNotConfigured();
  return webhooks;
}

/** @throws DocketError `invalid_field` for a URL to which nothing may be sent. */
export function requireTarget(policy: OutboundPolicy, url: string): void {
  try {
    policy.targetOf(url);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const detail = `url ${error.message}`;
    throw new DocketError("invalid_field", `${detail}.`, { errors: [{ field: "url", detail }] });
  }
}

const canRead = (permissions: ReadonlySet<string>, type: string): boolean =>
  permissions.has(eventPermission(type) ?? "");

/**
 * The types of an endpoint. Default: the families that its creator may read.
 *
 * @throws DocketError `forbidden` for a family that the caller may not read, and if there is none.
 */
export function typesFor(permissions: ReadonlySet<string>, given?: readonly string[]): string[] {
  const types = given ?? EVENT_FAMILIES.filter((family) => canRead(permissions, family));
  const unreadable = types.find((type) => !canRead(permissions, type));
  if (unreadable !== undefined) {
    const detail = `The token lacks the permission ${eventPermission(unreadable)} of ${unreadable}.`;
    throw new DocketError("forbidden", detail);
  }
  if (types.length === 0)
    throw new DocketError("forbidden", "The token has no permission to read any type of event.");
  return [...types];
}

/**
 * Locks an endpoint for a change by which the caller may receive its events.
 *
 * @throws DocketError `not_found`, and `forbidden` for one with types that the caller may not read.
 */
export async function requireReadable(
  tx: Transaction,
  permissions: ReadonlySet<string>,
  endpointId: string,
): Promise<void> {
  const { types } = await lockWebhookEndpoint(tx, endpointId);
  typesFor(permissions, types);
}

/** The tenant's endpoints, newest first. */
export function listEndpoints(tx: Transaction, window: Window): Promise<WebhookEndpointRow[]> {
  const { where, ...page } = pageArguments(window);
  return tx.webhookEndpoint.findMany({ ...page, where: { ...where, deletedAt: null } });
}

/** An endpoint's deliveries, newest first. Their attempts are large. @throws DocketError `not_found` for the endpoint. */
export async function* listDeliveries(
  tx: Transaction,
  endpointId: string,
  { status, type }: WebhookDeliveryFilters,
  window: Window,
): AsyncGenerator<WebhookDeliveryRow> {
  await findWebhookEndpoint(tx, endpointId);
  const filters = {
    endpointId,
    ...(status !== undefined && { status: { in: [...status] } }),
    ...(type !== undefined && { type: { in: [...type] } }),
  };
  yield* chunked(
    window,
    ({ createdAt, id }: WebhookDeliveryRow) => ({ after: { createdAt, id } }),
    async function* (chunk) {
      const { where, ...page } = pageArguments(chunk);
      yield* await tx.webhookDelivery.findMany({ ...page, where: { ...where, ...filters } });
    },
  );
}
