import {
  recoverWebhookRequest,
  uuid,
  webhookDeliveryFilters,
  type WebhookDeliveryFilters,
} from "@docket/domain";
import {
  findWebhookEndpoint,
  recoverDeliveries,
  resendDelivery,
  testWebhookEndpoint,
} from "@docket/platform/rows";
import Joi from "joi";
import { readRoute, writeRoute, type Route } from "../http/route.ts";
import { newestFirstList } from "../lists/newest-first.ts";
import { pageQuery, pageSchema, type PageQuery } from "../lists/pagination.ts";
import { component, countSchema } from "../openapi/json-schema.ts";
import { endpointParams, WEBHOOK_ERRORS } from "./endpoint-route.ts";
import { listDeliveries, requireWebhooks } from "./service.ts";
import { deliverySchema, deliveryView } from "./view.ts";

type ListQuery = WebhookDeliveryFilters & PageQuery;

const deliveryListSchema = pageSchema("WebhookDeliveryList", deliverySchema);

const recoveredSchema = component("RecoveredDeliveries", { count: countSchema });

const test = writeRoute({
  method: "POST",
  path: "/v1/webhook-endpoints/:endpointId/test",
  operationId: "testWebhookEndpoint",
  summary: "Send the event webhook.test to a webhook endpoint, whatever its types",
  permission: "webhook:write",
  params: endpointParams,
  responses: { 202: { description: "The event will be sent" } },
  errors: ["webhook_endpoint_disabled", ...WEBHOOK_ERRORS],
  handler: async (context, { params, by, persist }) => {
    requireWebhooks(context);
    return context.database.transaction(async (tx) => {
      await testWebhookEndpoint(tx, by, params.endpointId);
      return persist(tx, { status: 202 });
    });
  },
});

const list = readRoute({
  method: "GET",
  path: "/v1/webhook-endpoints/:endpointId/deliveries",
  operationId: "listWebhookDeliveries",
  summary: "List a webhook endpoint's deliveries of the last 30 days, newest first",
  permission: "webhook:read",
  params: endpointParams,
  query: Joi.object<ListQuery>({ ...pageQuery, ...webhookDeliveryFilters }),
  responses: { 200: { description: "A page of deliveries", body: deliveryListSchema } },
  errors: WEBHOOK_ERRORS,
  handler: async (context, { params: { endpointId }, query }) => {
    requireWebhooks(context);
    const body = await newestFirstList(
      { list: "webhook-deliveries", path: endpointId },
      query,
      (filters, window) => listDeliveries(context.database.prisma, endpointId, filters, window),
      deliveryView,
    );
    return { status: 200, body };
  },
});

const resend = writeRoute({
  method: "POST",
  path: "/v1/webhook-deliveries/:deliveryId/resend",
  operationId: "resendWebhookDelivery",
  summary: "Attempt a delivery once more",
  description: "A delivery that is being attempted at this moment is not attempted once more.",
  permission: "webhook:write",
  params: Joi.object<{ deliveryId: string }>({ deliveryId: uuid().required() }),
  responses: { 202: { description: "The attempt will be made" } },
  errors: WEBHOOK_ERRORS,
  handler: async (context, { params, persist }) => {
    requireWebhooks(context);
    return context.database.transaction(async (tx) => {
      await resendDelivery(tx, params.deliveryId);
      return persist(tx, { status: 202 });
    });
  },
});

const recover = writeRoute({
  method: "POST",
  path: "/v1/webhook-endpoints/:endpointId/recover",
  operationId: "recoverWebhookEndpoint",
  summary: "Send failed and missed events of a webhook endpoint",
  description:
    "Sends every FAILED delivery again whose event occurred at `since` or later, and the events since then that were not sent because the endpoint was disabled. Reaches back 30 days, and takes at most 10000 of each; call it again for the rest.",
  permission: "webhook:write",
  params: endpointParams,
  body: recoverWebhookRequest,
  responses: { 202: { description: "How many will be sent", body: recoveredSchema } },
  errors: WEBHOOK_ERRORS,
  handler: async (context, { params: { endpointId }, body: { since }, persist }) => {
    requireWebhooks(context);
    return context.database.transaction(async (tx) => {
      await findWebhookEndpoint(tx, endpointId);
      const count = await recoverDeliveries(tx, endpointId, since);
      return persist(tx, { status: 202, body: { count } });
    });
  },
});

export const webhookDeliveryRoutes: readonly Route[] = [test, list, resend, recover];
