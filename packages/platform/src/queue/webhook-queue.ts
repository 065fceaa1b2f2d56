import { WEBHOOK_QUEUE, type WebhookMessage } from "./messages.ts";
import { createProducer, ONCE, type ProducerOptions } from "./producer.ts";

export type WebhookQueue = {
  /**
   * Makes a worker look for due deliveries of an endpoint. Has no effect while a message with this `id` is in the queue.
   *
   * @throws QueueUnavailableError after at most a second.
   */
  readonly add: (
    message: WebhookMessage,
    options: { readonly id: string; readonly delayMs?: number },
  ) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens the producing side of the queue of webhooks. Connects in the background, and reconnects after a lost connection. */
export function createWebhookQueue(options: ProducerOptions): WebhookQueue {
  const { attempt, close } = createProducer<WebhookMessage>(WEBHOOK_QUEUE, options);
  return {
    add: async (message, { id, delayMs }) => {
      await attempt((queue) =>
        queue.add(WEBHOOK_QUEUE, message, {
          ...ONCE,
          jobId: id,
          ...(delayMs !== undefined && { delay: delayMs }),
        }),
      );
    },
    close,
  };
}
