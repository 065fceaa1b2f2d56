import Joi from "joi";
import { EVENT_FAMILIES, EVENT_TYPES } from "../event/types.ts";
import { bodyOf, boundedString, instant, text } from "../schemas.ts";

const MAX_URL = 2_048;
const MAX_DESCRIPTION = 500;

/** Types of events and families such as `dispute.*`. An endpoint keeps them as they were given, so that a family can grow. */
const endpointTypes = (): Joi.ArraySchema =>
  Joi.array()
    .items(
      boundedString("any.only", (given, helpers) =>
        SELECTABLE.has(given) ? given : helpers.error("any.only"),
      )
        .meta({ enum: [...EVENT_FAMILIES, ...EVENT_TYPES] })
        .messages({
          "any.only": "{#label} must be a type of event, or a family such as dispute.*",
        }),
    )
    .min(1)
    .max(EVENT_TYPES.length + EVENT_FAMILIES.length)
    .custom((given: readonly string[]) => [...new Set(given)]);

const SELECTABLE = new Set<string>([...EVENT_FAMILIES, ...EVENT_TYPES]);

const fields = {
  // Which URLs are allowed depends on the configuration (the API's webhooks/target.ts).
  url: text(MAX_URL),
  types: endpointTypes(),
  enabled: Joi.boolean().strict(),
  maxInFlight: Joi.number().strict().integer().min(1).max(20),
};

/** The validated body of `POST /v1/webhook-endpoints`. */
export type CreateWebhookEndpointRequest = {
  readonly url: string;
  readonly description?: string;
  /** Default: all that the caller may read. */
  readonly types?: readonly string[];
  readonly enabled: boolean;
  readonly maxInFlight: number;
};

export const createWebhookEndpointRequest = bodyOf<CreateWebhookEndpointRequest>({
  ...fields,
  url: fields.url.required(),
  description: text(MAX_DESCRIPTION),
  enabled: fields.enabled.default(true),
  maxInFlight: fields.maxInFlight.default(1),
});

/** The validated body of `PATCH /v1/webhook-endpoints/{endpointId}`. `null` clears the description. */
export type UpdateWebhookEndpointRequest = {
  readonly url?: string;
  readonly description?: string | null;
  readonly types?: readonly string[];
  readonly enabled?: boolean;
  readonly maxInFlight?: number;
};

const updated = { ...fields, description: text(MAX_DESCRIPTION).allow(null) };

export const updateWebhookEndpointRequest = bodyOf<UpdateWebhookEndpointRequest>(updated)
  .or(...Object.keys(updated))
  .meta({ minProperties: 1 })
  .messages({ "object.missing": "at least one field is required" });

const DEFAULT_GRACE_SECONDS = 86_400;
const MAX_GRACE_SECONDS = 604_800;

/** The body of `POST …/rotate-secret`, which may be absent. */
export const rotateSecretRequest = Joi.object<{ readonly graceSeconds: number }>({
  graceSeconds: Joi.number()
    .strict()
    .integer()
    .min(0)
    .max(MAX_GRACE_SECONDS)
    .default(DEFAULT_GRACE_SECONDS),
})
  .default({ graceSeconds: DEFAULT_GRACE_SECONDS })
  .label("body");

export const recoverWebhookRequest = bodyOf<{ readonly since: string }>({
  since: instant().required(),
});
