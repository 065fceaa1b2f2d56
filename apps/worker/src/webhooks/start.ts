import { setMaxListeners } from "node:events";
import { createSealer, startPoll, type Lifetime, type Poll } from "@docket/platform";
import { createOutboundPolicy, createResolve } from "@docket/platform/outbound";
import { createWebhookConsumer, createWebhookQueue } from "@docket/platform/queue";
import type { WorkerContext } from "../context.ts";
import { createWebhookDatabase } from "./database.ts";
import { deliverNext } from "./deliver.ts";
import { createDispatcher } from "./dispatcher.ts";
import { fanOut, wakeDue } from "./fan-out.ts";
import type { WebhookTools } from "./tools.ts";

const FAN_OUT_MS = 250;
const DUE_MS = 1_000;

/** Attempts at a time in this process. A tenant has a quarter, so that three whose receivers hang leave as much to the others. */
const PERMITS = 64;
const PERMITS_PER_TENANT = 16;

/** Messages at a time; handling one only wakes the dispatcher. */
const CONSUMERS = 1;

/**
 * Delivers webhooks until `lifetime` ends, which hands back the attempts that are running. Does nothing without `SECRETS_KEY`.
 *
 * Returns a function to call after events were numbered. It is only a hint: a timer finds new events, too.
 */
export function startWebhooks(context: WorkerContext, lifetime: Lifetime): () => void {
  const { config, logger, metrics } = context;
  if (config.webhooks === undefined) return () => undefined;
  const database = createWebhookDatabase(config.databaseUrl);
  lifetime.onClose("webhook database", database.close);
  const queue = createWebhookQueue({ url: config.queueUrl, logger });
  lifetime.onClose("webhook queue", queue.close);
  const shutdown = new AbortController();
  // One of each attempt.
  setMaxListeners(PERMITS, shutdown.signal);
  const tools: WebhookTools = {
    database,
    queue,
    sealer: createSealer(config.webhooks.secretsKeys),
    outbound: {
      policy: createOutboundPolicy(config.webhooks.allowedNetworks),
      resolve: createResolve(),
    },
    logger,
    metrics,
    shutdown: shutdown.signal,
    retryBaseMs: config.webhooks.retryBaseMs,
    random: Math.random,
  };
  const dispatcher = createDispatcher({
    run: (lane, onClaimed) => deliverNext(tools, lane, onClaimed),
    logger,
    permits: PERMITS,
    perTenant: PERMITS_PER_TENANT,
  });
  const poll = (intervalMs: number, work: () => Promise<void>): Poll =>
    startPoll({ intervalMs }, () =>
      work().catch((error: unknown) => logger.warn({ err: error }, "webhook poll failed")),
    );
  const polls = [
    poll(FAN_OUT_MS, () => fanOut(tools)),
    poll(DUE_MS, () => wakeDue(tools, dispatcher.wake)),
  ] as const;
  const consumer = createWebhookConsumer({
    url: config.queueUrl,
    concurrency: CONSUMERS,
    logger,
    handle: async (message) => dispatcher.wake(message),
  });
  lifetime.onClose("webhooks", async () => {
    shutdown.abort();
    await Promise.all([consumer.close(), dispatcher.close(), ...polls.map((each) => each.close())]);
  });
  return polls[0].hint;
}
