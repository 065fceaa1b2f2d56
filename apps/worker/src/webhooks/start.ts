import { setMaxListeners } from "node:events";
import { createSealer, type Lifetime } from "@docket/platform";
import { createOutboundPolicy, createResolve } from "@docket/platform/outbound";
import { createWebhookConsumer, createWebhookQueue } from "@docket/platform/queue";
import type { WorkerContext } from "../context.ts";
import { deliverNext } from "./deliver.ts";
import { createDispatcher } from "./dispatcher.ts";
import { fanOut, wakeDue } from "./fan-out.ts";
import { startPoll } from "./poll.ts";
import type { WebhookTools } from "./tools.ts";

const FAN_OUT_MS = 250;
const DUE_MS = 1_000;

/** Attempts at a time in this process. A tenant has a quarter, so that three whose receivers hang leave as much to the others. */
const PERMITS = 64;
const PERMITS_PER_TENANT = 16;

/** Messages at a time; handling one only wakes the dispatcher. */
const CONSUMERS = 1;

/**
 * Delivers webhooks until `lifetime` ends; attempts that run are then handed back. Returns what is called when events have got their
 * numbers: a hint, since events are also found on a timer. Does nothing without `SECRETS_KEY`.
 */
export function startWebhooks(context: WorkerContext, lifetime: Lifetime): () => void {
  const { config, logger, metrics, database } = context;
  if (config.webhooks === undefined) return () => undefined;
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
    run: (lane, onRoomLeft) => deliverNext(tools, lane, onRoomLeft),
    logger,
    permits: PERMITS,
    perTenant: PERMITS_PER_TENANT,
  });
  const polls = [
    startPoll(FAN_OUT_MS, () => fanOut(tools), logger),
    startPoll(DUE_MS, () => wakeDue(tools, dispatcher.wake), logger),
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
