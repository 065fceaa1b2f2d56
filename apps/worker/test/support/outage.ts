import { createLifetime } from "@docket/platform";
import type { ExportMessage } from "@docket/platform/queue";
import {
  createFaultProxy,
  waitFor,
  type FaultProxy,
  type TestQueue,
  type StorageTarget,
} from "@docket/testing";
import { pino } from "pino";
import type { WorkerConfig } from "../../src/config.ts";
import { startWorker } from "../../src/worker.ts";
import { createStage, type Stage } from "./stage.ts";

export type OutageOptions = {
  readonly target?: StorageTarget;
  /** Default: a queue in the database of the stage. */
  readonly queue?: TestQueue;
  readonly upkeepIntervalMs?: number;
  /** The worker starts while the database refuses connections, and is not waited for. */
  readonly startWithoutDatabase?: boolean;
  /** How long the worker waits for a store that does not respond. */
  readonly storageTimeoutMs?: number;
};

/** docs/api.md §6, "Shutdown": 10 s, one of which is for the end of the process. */
export const SHUTDOWN_LIMIT_MS = 9_000;

/** A worker in this process, with a fault proxy in front of each server that it depends on. */
export async function createOutage(options: OutageOptions = {}) {
  const stage = await createStage(options.target);
  const queueUrl = options.queue?.url ?? stage.urls.owner;
  const endpoint = stage.storageConfig.endpoint ?? "";
  const proxies = (await Promise.all(
    [stage.urls.app, queueUrl, endpoint].map(createFaultProxy),
  )) as [FaultProxy, FaultProxy, FaultProxy];
  const [database, queue, storage] = proxies;
  // Exports read through both: what happens to the database happens to its replica too.
  const replica = await createFaultProxy(database.through(stage.urls.app));

  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: "info" }, { write: (line) => void log.push(JSON.parse(line)) });
  const lifetime = createLifetime(logger);
  const { storageTimeoutMs: timeoutMs = 10_000 } = options;
  const storageConfig = { ...stage.storageConfig, endpoint: storage.through(endpoint), timeoutMs };
  const config = {
    databaseUrl: database.through(stage.urls.app),
    exportDatabaseUrl: replica.through(stage.urls.app),
    queueUrl: queue.through(queueUrl),
    storage: storageConfig,
    logLevel: "info",
    concurrency: 2,
    retentionDays: 7,
    eventRetentionDays: 400,
    // As in production, except for shorter pauses.
    retryBaseMs: 20,
    upkeepIntervalMs: options.upkeepIntervalMs ?? 500,
    operations: { port: 0, host: "127.0.0.1" },
  } satisfies WorkerConfig;
  if (options.startWithoutDatabase === true) await database.refuse();
  const started = startWorker(config, logger, lifetime);
  if (options.startWithoutDatabase !== true) await started;

  return {
    stage,
    database,
    replica,
    queue,
    storage,
    /** The worker's log, one entry per line. */
    log,
    waitForStatus: (message: ExportMessage, status: string) =>
      waitForStatus(stage, message, status),
    waitForCleanBucket: () => waitForCleanBucket(stage),
    /** Stops the worker and returns the duration in milliseconds. */
    stop: async (): Promise<number> => {
      const startedAt = performance.now();
      await lifetime.close();
      return performance.now() - startedAt;
    },
    close: async (): Promise<void> => {
      await Promise.all([...proxies, replica].map((proxy) => proxy.pass()));
      await lifetime.close();
      await Promise.all([...proxies, replica].map((proxy) => proxy.close()));
      await stage.close();
      await options.queue?.close();
    },
  };
}

export type Outage = Awaited<ReturnType<typeof createOutage>>;

/** Waits for the status of a job for up to a minute, within which everything must recover (docs/api.md §2). */
const waitForStatus = (stage: Stage, message: ExportMessage, status: string) =>
  waitFor(
    async () => {
      const job = await stage.job(message);
      return job.status === status && job;
    },
    { timeoutMs: 55_000, everyMs: 50 },
  );

/** Waits until the bucket holds exactly the files of the jobs, and no unfinished upload. */
const waitForCleanBucket = (stage: Stage) =>
  waitFor(
    async () => {
      const { rows } = await stage.owner.query<{ key: string }>(
        "SELECT object_key AS key FROM export_jobs WHERE object_key IS NOT NULL ORDER BY 1",
      );
      const [keys, uploads] = await Promise.all([stage.keys(), stage.uploads()]);
      const files = rows.map(({ key }) => key);
      return uploads.length === 0 && keys.toSorted().join() === files.join();
    },
    { timeoutMs: 30_000, everyMs: 100 },
  );
