import type { Lifetime, Logger } from "@docket/platform";
import {
  checkRole,
  CONNECTIONS_PER_SNAPSHOT,
  createDatabase,
  type Database,
  type RoleCheck,
} from "@docket/platform/database";
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
  /** The checks of their logins. */
  readonly roles: readonly RoleCheck[];
  readonly queue: ExportQueue;
  /** Undefined if object storage is not configured. */
  readonly storage: Storage | undefined;
};

/**
 * Opens the connections to the databases, the queue and the store; none of them has to be up. `lifetime` closes them in reverse
 * order.
 */
export function createContext(
  config: WorkerConfig,
  logger: Logger,
  lifetime: Lifetime,
): WorkerContext {
  // For each running job a heartbeat and an outcome, 8 for upkeep (its four locks, and a statement of each), and one for the sequencer.
  const database = createDatabase({
    url: config.databaseUrl,
    poolSize: config.concurrency * 2 + 9,
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
  const hasReplica = config.exportDatabaseUrl !== config.databaseUrl;
  const roles = (hasReplica ? [database, exportDatabase] : [database]).map((each) =>
    checkRole(each, logger),
  );
  lifetime.onClose("role checks", async () => {
    await Promise.all(roles.map(({ close }) => close()));
  });

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
    roles,
    queue,
    storage,
  };
}
