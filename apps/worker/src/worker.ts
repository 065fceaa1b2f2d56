import type { Lifetime, Logger } from "@docket/platform";
import { createReadinessCheck, serveOperations } from "@docket/platform/monitoring";
import { createSequencer } from "@docket/platform/rows";
import { collectBacklog } from "./backlog.ts";
import type { WorkerConfig } from "./config.ts";
import { createContext, type WorkerContext } from "./context.ts";
import { startExports } from "./exports/start.ts";
import { startUpkeep } from "./upkeep/start.ts";
import { startWebhooks } from "./webhooks/start.ts";

/**
 * Starts the worker: metrics, upkeep and the queue's consumer. While the database is unavailable, it waits. `lifetime` closes them in
 * reverse order: the consumer first stops taking jobs and hands the running ones back, the connections close last.
 *
 * @throws Error if a database login is not subject to row-level security.
 */
export async function startWorker(
  config: WorkerConfig,
  logger: Logger,
  lifetime: Lifetime,
): Promise<void> {
  const context = createContext(config, logger, lifetime);
  await serveMetrics(context, lifetime);
  await Promise.all(context.roles.map(({ known }) => known));
  // The worker was stopped while it waited.
  if (!context.roles.every(({ isBound }) => isBound())) return;
  startUpkeep(context, lifetime);
  startExports(context, lifetime);
  const onNumbered = startWebhooks(context, lifetime);
  const sequencer = createSequencer({ pool: context.database.pool, logger, onNumbered });
  lifetime.onClose("sequencer", sequencer.close);
  sequencer.start();
  logger.info({ concurrency: config.concurrency }, "ready");
}

async function serveMetrics(context: WorkerContext, lifetime: Lifetime): Promise<void> {
  const { config, logger, database, queue, storage, metrics } = context;
  if (config.operations === undefined) return;
  const { registry } = metrics;
  collectBacklog({ registry, pool: database.pool, queue, logger });
  const checkReadiness = createReadinessCheck(
    { database: database.ping, queue: queue.ping, storage: storage?.ping },
    logger,
  );
  const port = await serveOperations(
    { ...config.operations, registry, checkReadiness, logger },
    lifetime,
  );
  logger.info({ port }, "serving metrics");
}
