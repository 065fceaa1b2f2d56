import type { Lifetime, Logger } from "@docket/platform";
import { CONNECTIONS_PER_SNAPSHOT, createDatabase, type Database } from "@docket/platform/database";
import { createExportQueue, type ExportQueue } from "@docket/platform/queue";
import { createStorage, type Storage } from "@docket/platform/storage";
import type { WorkerConfig } from "./config.ts";
import { createWorkerMetrics, type WorkerMetrics } from "./metrics.ts";

/** What the exports and the upkeep share. */
export type WorkerContext = {
  readonly config: WorkerConfig;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
  readonly database: Database;
  /** The database that exports read from; may be a replica. */
  readonly exportDatabase: Database;
  readonly queue: ExportQueue;
  /** Undefined if object storage is not configured. */
  readonly storage: Storage | undefined;
};

/**
 * Connects to the databases, the queue and the store. `lifetime` closes them in reverse order.
 *
 * @throws Error if a database login is not subject to row-level security.
 */
export async function createContext(
  config: WorkerConfig,
  logger: Logger,
  lifetime: Lifetime,
): Promise<WorkerContext> {
  // For each running job a heartbeat and an outcome, and 3 for upkeep.
  const database = createDatabase({
    url: config.databaseUrl,
    poolSize: config.concurrency * 2 + 3,
    applicationName: "docket-worker",
    statementTimeoutMs: 30_000,
  });
  lifetime.onClose("database", database.close);
  const exportDatabase = createDatabase({
    url: config.exportDatabaseUrl,
    poolSize: config.concurrency * CONNECTIONS_PER_SNAPSHOT,
    applicationName: "docket-export",
    statementTimeoutMs: 0,
  });
  lifetime.onClose("export database", exportDatabase.close);
  await database.requireRestrictedRole();
  if (config.exportDatabaseUrl !== config.databaseUrl) await exportDatabase.requireRestrictedRole();

  const queue = createExportQueue({ url: config.queueUrl, logger });
  lifetime.onClose("queue", queue.close);
  const storage = config.storage === undefined ? undefined : createStorage(config.storage);
  if (storage !== undefined) lifetime.onClose("storage", storage.close);
  return {
    config,
    logger,
    metrics: createWorkerMetrics(),
    database,
    exportDatabase,
    queue,
    storage,
  };
}
