import { compact } from "../compact.ts";

/** An endpoint as it is stored, without its secrets. */
export type WebhookEndpoint = {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly types: readonly string[];
  readonly enabled: boolean;
  readonly maxInFlight: number;
  readonly disabledReason: string | null;
  readonly failingSince: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** An endpoint as its GET shows it, which is also the data of its events (docs/api.md §9). Never has the secret. */
export const webhookEndpointView = (row: WebhookEndpoint) =>
  compact({
    id: row.id,
    url: row.url,
    description: row.description,
    types: row.types,
    enabled: row.enabled,
    maxInFlight: row.maxInFlight,
    disabledReason: row.disabledReason,
    failingSince: row.failingSince?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });

/** The API path of an endpoint, which is also the subject of its events. */
export const webhookEndpointPath = (id: string): string => `/v1/webhook-endpoints/${id}`;
