import {
  createWebhookEndpointRequest,
  rotateSecretRequest,
  updateWebhookEndpointRequest,
  webhookEndpointPath,
  webhookEndpointView,
} from "@docket/domain";
import {
  addWebhookEndpoint,
  deleteWebhookEndpoint,
  findWebhookEndpoint,
  rotateWebhookSecret,
  updateWebhookEndpoint,
  webhookSecretPurpose,
} from "@docket/platform/rows";
import Joi from "joi";
import { readRoute, writeRoute, type Route } from "../http/route.ts";
import { newestFirstList } from "../lists/newest-first.ts";
import { pageQuery, pageSchema, type PageQuery } from "../lists/pagination.ts";
import { endpointParams, WEBHOOK_ERRORS } from "./endpoint-route.ts";
import {
  createSecret,
  requireReadable,
  listEndpoints,
  requireTarget,
  requireWebhooks,
  typesFor,
} from "./service.ts";
import { createdEndpointSchema, endpointSchema, secretReplySchema } from "./view.ts";

const endpointListSchema = pageSchema("WebhookEndpointList", endpointSchema);

const create = writeRoute({
  method: "POST",
  path: "/v1/webhook-endpoints",
  operationId: "createWebhookEndpoint",
  summary: "Send events to a URL",
  description:
    "Requests are signed after the Standard Webhooks specification. The secret is shown only in this response.",
  permission: "webhook:write",
  body: createWebhookEndpointRequest,
  responses: {
    201: {
      description: "The endpoint with its secret",
      headers: ["Location"],
      body: createdEndpointSchema,
    },
  },
  errors: ["webhook_endpoint_limit_reached", ...WEBHOOK_ERRORS],
  handler: async (context, { body, principal, by, persist }) => {
    const { sealer, policy } = requireWebhooks(context);
    const { url, description = null, enabled, maxInFlight } = body;
    requireTarget(policy, url);
    const types = typesFor(principal.permissions, body.types);
    const secret = createSecret();
    const sealed = sealer.seal(secret, webhookSecretPurpose(principal.tenantId));
    return context.database.transaction(async (tx) => {
      const row = await addWebhookEndpoint(
        tx,
        by,
        { url, description, types, enabled, maxInFlight },
        { sealed, until: null },
      );
      return persist(tx, {
        status: 201,
        headers: { Location: webhookEndpointPath(row.id) },
        body: { ...webhookEndpointView(row), secret },
        isSecret: true,
      });
    });
  },
});

const list = readRoute({
  method: "GET",
  path: "/v1/webhook-endpoints",
  operationId: "listWebhookEndpoints",
  summary: "List the tenant's webhook endpoints, newest first",
  permission: "webhook:read",
  query: Joi.object<PageQuery>(pageQuery),
  responses: { 200: { description: "A page of endpoints", body: endpointListSchema } },
  errors: WEBHOOK_ERRORS,
  handler: async (context, { query }) => {
    requireWebhooks(context);
    const body = await newestFirstList(
      { list: "webhook-endpoints" },
      query,
      (_filters, window) => listEndpoints(context.database.prisma, window),
      webhookEndpointView,
    );
    return { status: 200, body };
  },
});

const get = readRoute({
  method: "GET",
  path: "/v1/webhook-endpoints/:endpointId",
  operationId: "getWebhookEndpoint",
  summary: "Get a webhook endpoint",
  permission: "webhook:read",
  params: endpointParams,
  responses: { 200: { description: "The endpoint", body: endpointSchema } },
  errors: WEBHOOK_ERRORS,
  handler: async (context, { params }) => {
    requireWebhooks(context);
    const row = await findWebhookEndpoint(context.database.prisma, params.endpointId);
    return { status: 200, body: webhookEndpointView(row) };
  },
});

const update = writeRoute({
  method: "PATCH",
  path: "/v1/webhook-endpoints/:endpointId",
  operationId: "updateWebhookEndpoint",
  summary: "Change a webhook endpoint",
  description:
    "Events that occur while the endpoint is disabled are not sent; see `recover`. Enabling it clears `disabledReason`.",
  permission: "webhook:write",
  params: endpointParams,
  body: updateWebhookEndpointRequest,
  responses: { 200: { description: "The endpoint", body: endpointSchema } },
  errors: WEBHOOK_ERRORS,
  handler: async (context, { params, body, principal, by, persist }) => {
    const { policy } = requireWebhooks(context);
    const { types, ...rest } = body;
    if (body.url !== undefined) requireTarget(policy, body.url);
    const fields = {
      ...rest,
      ...(types !== undefined && { types: typesFor(principal.permissions, types) }),
    };
    return context.database.transaction(async (tx) => {
      if (body.url !== undefined || body.enabled === true)
        await requireReadable(tx, principal.permissions, params.endpointId);
      const row = await updateWebhookEndpoint(tx, by, params.endpointId, fields);
      return persist(tx, { status: 200, body: webhookEndpointView(row) });
    });
  },
});

const remove = writeRoute({
  method: "DELETE",
  path: "/v1/webhook-endpoints/:endpointId",
  operationId: "deleteWebhookEndpoint",
  summary: "Delete a webhook endpoint with its deliveries",
  permission: "webhook:write",
  params: endpointParams,
  responses: { 204: { description: "The endpoint is deleted" } },
  errors: WEBHOOK_ERRORS,
  handler: async (context, { params, by, persist }) => {
    requireWebhooks(context);
    return context.database.transaction(async (tx) => {
      await deleteWebhookEndpoint(tx, by, params.endpointId);
      return persist(tx, { status: 204 });
    });
  },
});

const rotate = writeRoute({
  method: "POST",
  path: "/v1/webhook-endpoints/:endpointId/rotate-secret",
  operationId: "rotateWebhookSecret",
  summary: "Replace the secret of a webhook endpoint",
  description: "Until the grace ends, requests have a signature of both secrets.",
  permission: "webhook:write",
  params: endpointParams,
  body: rotateSecretRequest,
  responses: { 200: { description: "The new secret", body: secretReplySchema } },
  errors: WEBHOOK_ERRORS,
  handler: async (context, { params, body, principal, by, persist }) => {
    const { sealer } = requireWebhooks(context);
    const secret = createSecret();
    const sealed = sealer.seal(secret, webhookSecretPurpose(principal.tenantId));
    return context.database.transaction(async (tx) => {
      await requireReadable(tx, principal.permissions, params.endpointId);
      await rotateWebhookSecret(tx, by, params.endpointId, {
        sealed,
        graceSeconds: body.graceSeconds,
        now: context.now(),
      });
      return persist(tx, { status: 200, body: { secret }, isSecret: true });
    });
  },
});

export const webhookEndpointRoutes: readonly Route[] = [create, list, get, update, remove, rotate];
