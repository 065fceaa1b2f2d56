export { createExportConsumer, createWebhookConsumer, type Consumer } from "./consumer.ts";
export type { ExportMessage, WebhookMessage } from "./messages.ts";
export { QueueUnavailableError } from "./producer.ts";
export { createExportQueue, type ExportQueue } from "./queue.ts";
export { createWebhookQueue, type WebhookQueue } from "./webhook-queue.ts";
