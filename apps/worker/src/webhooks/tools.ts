import type { Logger, Sealer } from "@docket/platform";
import type { Database } from "@docket/platform/database";
import type { OutboundTools } from "@docket/platform/outbound";
import type { WebhookQueue } from "@docket/platform/queue";
import type { WorkerMetrics } from "../metrics.ts";

/** What the delivery of webhooks uses. */
export type WebhookTools = {
  readonly database: Pick<Database, "pool" | "transaction">;
  readonly queue: Pick<WebhookQueue, "add">;
  readonly sealer: Sealer;
  readonly outbound: OutboundTools;
  readonly logger: Logger;
  readonly metrics: Pick<WorkerMetrics, "webhookAttempted">;
  /** Aborts when the worker stops. */
  readonly shutdown: AbortSignal;
  readonly retryBaseMs: number;
  /** In [0, 1). */
  readonly random: () => number;
};
