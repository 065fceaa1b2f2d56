import type Joi from "joi";
import { eventTypeFilter } from "../event/filters.ts";
import { repeatableFilter } from "../schemas.ts";
import { WEBHOOK_DELIVERY_STATUSES, type WebhookDeliveryStatus } from "./delivery.ts";

/** Values of one filter are alternatives. */
export type WebhookDeliveryFilters = {
  readonly status?: readonly WebhookDeliveryStatus[];
  readonly type?: readonly string[];
};

/** The query filters of the list of deliveries. */
export const webhookDeliveryFilters = {
  status: repeatableFilter(WEBHOOK_DELIVERY_STATUSES),
  type: eventTypeFilter(),
} satisfies Joi.PartialSchemaMap<WebhookDeliveryFilters>;
