import type { Lifetime, Logger } from "@docket/platform";
import { CONNECTIONS_PER_SNAPSHOT, createDatabase } from "@docket/platform/database";
import { serveOperations } from "@docket/platform/monitoring";
import { createExportConsumer, createExportQueue } from "@docket/platform/queue";
import { createStorage } from "@docket/platform/storage";
import { watchBacklog } from "./upkeep/backlog.ts";
import type { WorkerConfig } from "./config.ts";
import { createJobRows } from "./exports/job-rows.ts";
import { runExport, type ExportHelpers } from "./exports/run-export.ts";
import { createWorkerMetrics } from "./metrics.ts";
import { idempotencySweeper } from "./upkeep/idempotency-sweeper.ts";
import { orphanSweeper } from "./upkeep/orphan-sweeper.ts";
import { reconciler } from "./upkeep/reconciler.ts";
import { retentionSweeper } from "./upkeep/retention-sweeper.ts";
import { createTellChange } from "./upkeep/tell-change.ts";
import { startUpkeep, UPKEEP_LOCKS, type UpkeepTask } from "./upkeep/timer.ts";

/**
 * Starts the worker: the queue's consumer and the upkeep. What it starts is closed by `lifetime` in reverse order:
 * first no new work is taken and the running exports are handed back, then the connections go.
 *
 * @throws Error when the database login is not bound by row-level security.
 */
export async function startWorker(
  config: WorkerConfig,
  logger: Logger,
  lifetime: Lifetime,
): Promise<void> {
  // One connection for each running job's heartbeat and one for its outcome, and a few for upkeep.
  const database = createDatabase({
    url: config.databaseUrl,
    poolSize: config.concurrency * 2 + 3,
    applicationName: "docket-worker",
    statementTimeoutMs: 30_000,
  });
  lifetime.onClose("database", database.close);
  const source = createDatabase({
    url: config.exportDatabaseUrl,
    poolSize: config.concurrency * CONNECTIONS_PER_SNAPSHOT,
    applicationName: "docket-export",
    statementTimeoutMs: 0,
  });
  lifetime.onClose("export database", source.close);
  await database.requireRestrictedRole();
  if (config.exportDatabaseUrl !== config.databaseUrl) await source.requireRestrictedRole();

  const queue = createExportQueue({ url: config.queueUrl, logger });
  lifetime.onClose("queue", queue.close);
  const storage = config.storage === undefined ? undefined : createStorage(config.storage);
  if (storage !== undefined) lifetime.onClose("storage", storage.close);

  const metrics = createWorkerMetrics();
  if (config.operations !== undefined) {
    const { registry } = metrics;
    watchBacklog({ registry, database, queue, logger });
    const dependencies = { database: database.ping, queue: queue.ping, storage: storage?.ping };
    const port = await serveOperations(
      { ...config.operations, registry, dependencies, logger },
      lifetime,
    );
    logger.info({ port }, "serving metrics");
  }

  const keepUp = (lock: keyof typeof UPKEEP_LOCKS, tasks: readonly UpkeepTask[]): void => {
    const { pool } = database;
    const { upkeepIntervalMs: intervalMs } = config;
    const upkeep = startUpkeep({
      tasks,
      lock: UPKEEP_LOCKS[lock],
      pool,
      intervalMs,
      logger,
      metrics,
    });
    lifetime.onClose(lock, upkeep.close);
  };
  const tellChange = createTellChange(logger, metrics);
  // Apart: a store that hangs must not keep lost jobs waiting.
  keepUp("reconciler", [reconciler(database, queue, tellChange), idempotencySweeper(database)]);
  if (storage !== undefined) {
    keepUp("sweepers", [
      orphanSweeper(database, storage, logger),
      retentionSweeper(database, storage, logger, tellChange),
    ]);
  }

  const shutdown = new AbortController();
  const helpers: ExportHelpers = {
    rows: createJobRows(database),
    pool: source.pool,
    queue,
    storage,
    logger,
    metrics,
    shutdown: shutdown.signal,
    retentionDays: config.retentionDays,
    retryBaseMs: config.retryBaseMs,
    random: Math.random,
  };
  const consumer = createExportConsumer({
    url: config.queueUrl,
    concurrency: config.concurrency,
    logger,
    handle: (message) => runExport(message, helpers),
  });
  lifetime.onClose("consumer", () => {
    shutdown.abort();
    return consumer.close();
  });
}
