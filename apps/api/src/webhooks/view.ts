import { WEBHOOK_DELIVERY_STATUSES, WEBHOOK_DISABLED_REASONS, compact } from "@docket/domain";
import type { WebhookAttempt, WebhookDeliveryRow } from "@docket/platform/rows";
import {
  choiceSchema,
  component,
  countSchema,
  idSchema,
  instantSchema,
  listSchema,
  objectSchema,
  textSchema,
} from "../openapi/json-schema.ts";

const endpointFields = {
  id: idSchema,
  url: { type: "string", format: "uri" },
  types: {
    ...listSchema(textSchema),
    description: "Types of events, and families such as `dispute.*`.",
  },
  enabled: { type: "boolean" },
  maxInFlight: { ...countSchema, minimum: 1, maximum: 20 },
  createdAt: instantSchema,
  updatedAt: instantSchema,
} as const;

const optionalEndpointFields = {
  description: textSchema,
  disabledReason: {
    ...choiceSchema(WEBHOOK_DISABLED_REASONS),
    description:
      "Why the server has disabled the endpoint: it answered 410, or it failed for 120 hours.",
  },
  failingSince: instantSchema,
} as const;

const secretSchema = {
  type: "string",
  pattern: "^whsec_",
  description: "Signs the requests. Not shown again.",
};

export const endpointSchema = component("WebhookEndpoint", endpointFields, optionalEndpointFields);

export const createdEndpointSchema = component(
  "CreatedWebhookEndpoint",
  { ...endpointFields, secret: secretSchema },
  optionalEndpointFields,
);

export const secretReplySchema = component("WebhookSecret", { secret: secretSchema });

/** A delivery in a response (docs/api.md §9). */
export const deliveryView = (row: WebhookDeliveryRow): Readonly<Record<string, unknown>> =>
  compact({
    id: row.id,
    eventId: row.eventId,
    seq: Number(row.seq),
    type: row.type,
    status: row.status,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    attempts: row.attempts as unknown as readonly WebhookAttempt[],
  });

export const deliverySchema = component(
  "WebhookDelivery",
  {
    id: idSchema,
    eventId: idSchema,
    seq: { ...countSchema, minimum: 1 },
    type: textSchema,
    status: choiceSchema(WEBHOOK_DELIVERY_STATUSES),
    attempts: {
      ...listSchema(
        objectSchema(
          { at: instantSchema, durationMs: countSchema },
          {
            responseStatus: { type: "integer", minimum: 100, maximum: 999 },
            error: textSchema,
            responseBody: { ...textSchema, description: "The first 1024 bytes." },
          },
        ),
      ),
      maxItems: 20,
      description: "The latest attempts, oldest first.",
    },
  },
  { nextAttemptAt: instantSchema },
);
