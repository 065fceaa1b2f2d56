import type { WebhookQueue } from "@docket/platform/queue";
import type { WebhookTools } from "./tools.ts";

/** Tells the queue, and does not wait for it. It is only a hint: the timer finds the rows when they are due. */
export function hint(
  { queue, logger }: Pick<WebhookTools, "queue" | "logger">,
  ...message: Parameters<WebhookQueue["add"]>
): void {
  queue
    .add(...message)
    .catch((error: unknown) =>
      logger.debug({ err: error }, "webhook enqueue failed; the timer will retry"),
    );
}
