import type {
  CreatedWebhookEndpoint,
  CreateWebhookEndpointRequest,
  ListWebhookDeliveriesParams,
  ListWebhookEndpointsParams,
  RecoveredDeliveries,
  RecoverWebhookEndpointRequest,
  RotateWebhookSecretRequest,
  UpdateWebhookEndpointRequest,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookSecret,
} from "../generated/api-types.ts";
import { createListing, type Listing } from "../pages.ts";
import type { CallOptions, WriteOptions } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";
import { createWrite } from "./write.ts";

const endpointReads = (transport: Transport) => ({
  /**
   * A webhook endpoint, without its secret.
   *
   * @example
   * const { enabled, disabledReason } = await docket.webhookEndpoints.get(endpointId);
   */
  get: async (endpointId: string, options?: CallOptions): Promise<WebhookEndpoint> =>
    transport.json<WebhookEndpoint>({ method: "GET", path: endpointPath(endpointId), options }),
  /**
   * The webhook endpoints, newest first.
   *
   * @example
   * for await (const { url, enabled } of docket.webhookEndpoints.list()) console.log(url, enabled);
   */
  list: (query: ListWebhookEndpointsParams = {}, options?: CallOptions): Listing<WebhookEndpoint> =>
    createListing(transport, ENDPOINTS, query, options),
});

function endpointWrites(transport: Transport) {
  const write = createWrite(transport);
  return {
    /**
     * Creates a webhook endpoint. Keep the secret: it is not shown again.
     *
     * @example
     * const { id, secret } = await docket.webhookEndpoints.create({ url: "https://erp.example/docket", types: ["dispute.*"] });
     */
    create: (
      request: CreateWebhookEndpointRequest,
      options?: WriteOptions,
    ): Promise<CreatedWebhookEndpoint> => write("POST", ENDPOINTS, request, options),
    /**
     * Changes a webhook endpoint.
     *
     * @example
     * await docket.webhookEndpoints.update(endpointId, { enabled: false });
     */
    update: (
      endpointId: string,
      request: UpdateWebhookEndpointRequest,
      options?: WriteOptions,
    ): Promise<WebhookEndpoint> => write("PATCH", endpointPath(endpointId), request, options),
    /**
     * Deletes a webhook endpoint with its deliveries.
     *
     * @example
     * await docket.webhookEndpoints.delete(endpointId);
     */
    delete: async (endpointId: string, options?: WriteOptions): Promise<void> => {
      await transport.call({ method: "DELETE", path: endpointPath(endpointId), options });
    },
    /**
     * Replaces the secret. Until the grace ends, requests have a signature of both.
     *
     * @example
     * const { secret } = await docket.webhookEndpoints.rotateSecret(endpointId, { graceSeconds: 3_600 });
     */
    rotateSecret: (
      endpointId: string,
      request: RotateWebhookSecretRequest = {},
      options?: WriteOptions,
    ): Promise<WebhookSecret> =>
      write("POST", `${endpointPath(endpointId)}/rotate-secret`, request, options),
    /**
     * Sends the event `webhook.test` to the endpoint.
     *
     * @throws DocketError `webhook_endpoint_disabled`
     * @example
     * await docket.webhookEndpoints.test(endpointId);
     */
    test: async (endpointId: string, options?: WriteOptions): Promise<void> =>
      write("POST", `${endpointPath(endpointId)}/test`, undefined, options),
    /**
     * Sends what has failed since a time, and what was not sent because the endpoint was disabled.
     *
     * @example
     * const { count } = await docket.webhookEndpoints.recover(endpointId, { since: "2026-01-31T00:00:00Z" });
     */
    recover: (
      endpointId: string,
      request: RecoverWebhookEndpointRequest,
      options?: WriteOptions,
    ): Promise<RecoveredDeliveries> =>
      write("POST", `${endpointPath(endpointId)}/recover`, request, options),
  };
}

/** Webhook endpoints (docs/api.md §9). */
export const webhookEndpointCalls = (transport: Transport) => ({
  ...endpointReads(transport),
  ...endpointWrites(transport),
});

/** The deliveries of webhook endpoints (docs/api.md §9). */
export const webhookDeliveryCalls = (transport: Transport) => ({
  /**
   * The deliveries of an endpoint, newest first.
   *
   * @example
   * for await (const { type, attempts } of docket.webhookDeliveries.list(endpointId, { status: ["FAILED"] })) report(type, attempts);
   */
  list: (
    endpointId: string,
    query: ListWebhookDeliveriesParams = {},
    options?: CallOptions,
  ): Listing<WebhookDelivery> =>
    createListing(transport, `${endpointPath(endpointId)}/deliveries`, query, options),
  /**
   * Attempts a delivery once more.
   *
   * @example
   * await docket.webhookDeliveries.resend(deliveryId);
   */
  resend: async (deliveryId: string, options?: WriteOptions): Promise<void> => {
    const path = `/v1/webhook-deliveries/${encodeURIComponent(deliveryId)}/resend`;
    await transport.call({ method: "POST", path, options });
  },
});

const ENDPOINTS = "/v1/webhook-endpoints";

const endpointPath = (endpointId: string): string =>
  `${ENDPOINTS}/${encodeURIComponent(endpointId)}`;
