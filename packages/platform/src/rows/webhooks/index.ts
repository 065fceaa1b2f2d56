export {
  claimDelivery,
  findDueWebhookLanes,
  handBackDelivery,
  settleDelivery,
  type HeldDelivery,
  type WebhookAttempt,
  type WebhookLane,
  type WebhookOutcome,
} from "./attempts.ts";
export {
  expireDeliveries,
  readWebhookBacklog,
  resendDelivery,
  type WebhookDeliveryRow,
} from "./deliveries.ts";
export {
  addWebhookEndpoint,
  deleteWebhookEndpoint,
  disableWebhookEndpoint,
  findWebhookEndpoint,
  lockWebhookEndpoint,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
  validSecrets,
  webhookSecretPurpose,
  type WebhookEndpointFields,
  type WebhookEndpointRow,
  type WebhookSecret,
} from "./endpoints.ts";
export { fanOutEvents, findWebhookEndpointsBehind, type WebhookEndpointId } from "./fan-out.ts";
export { recoverDeliveries } from "./recover.ts";
