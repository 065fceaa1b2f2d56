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
import { startWorker } from "../../src/context.ts";
import { createStage } from "./stage.ts";

/** A whole worker in this process, with a proxy before each server that it depends on: a test can take it away. */
export async function createOutage(
  options: {
    readonly target?: StorageTarget;
    /** Another than the one on the stage's own Postgres. */
    readonly queue?: TestQueue;
    readonly upkeepIntervalMs?: number;
    /** How long a silent store is waited for: short only where it is to be silent. */
    readonly storageTimeoutMs?: number;
  } = {},
) {
  const stage = await createStage(options.target);
  const { urls, storageConfig } = stage;
  const queueUrl = options.queue?.url ?? urls.owner;
  const endpoint = storageConfig.endpoint ?? "";
  const [database, queue, storage] = (await Promise.all(
    [urls.app, queueUrl, endpoint].map(createFaultProxy),
  )) as [FaultProxy, FaultProxy, FaultProxy];

  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: "info" }, { write: (line) => void log.push(JSON.parse(line)) });
  const lifetime = createLifetime(logger);
  const { storageTimeoutMs: timeoutMs = 10_000 } = options;
  const storageBehind = { ...storageConfig, endpoint: storage.through(endpoint), timeoutMs };
  // Patient as the product is, but for the pauses.
  const config = {
    databaseUrl: database.through(urls.app),
    exportDatabaseUrl: database.through(urls.app),
    queueUrl: queue.through(queueUrl),
    storage: storageBehind as NonNullable<WorkerConfig["storage"]>,
    logLevel: "info",
    concurrency: 2,
    retentionDays: 7,
    retryBaseMs: 20,
    upkeepIntervalMs: options.upkeepIntervalMs ?? 500,
    operations: { port: 0, host: "127.0.0.1" },
  } satisfies WorkerConfig;
  await startWorker(config, logger, lifetime);

  return {
    stage,
    config,
    database,
    queue,
    storage,
    /** What the worker logged, one entry a line. */
    log,
    /** Waits until a job's row is as `status` says, a minute at most: as long as anything may take to heal. */
    becomes: (order: ExportMessage, status: string) =>
      waitFor(
        async () => {
          const job = await stage.job(order);
          return job.status === status && job;
        },
        { timeoutMs: 55_000, everyMs: 50 },
      ),
    /** Waits until nothing is in the bucket but the files that rows name: no other object, no unfinished upload. */
    settles: () =>
      waitFor(
        async () => {
          const { rows } = await stage.owner.query<{ key: string }>(
            "SELECT object_key AS key FROM export_jobs WHERE object_key IS NOT NULL ORDER BY 1",
          );
          const [keys, uploads] = await Promise.all([stage.keys(), stage.uploads()]);
          const named = rows.map(({ key }) => key);
          return uploads.length === 0 && keys.toSorted().join() === named.join();
        },
        { timeoutMs: 30_000, everyMs: 100 },
      ),
    /** Stops the worker; answers how many milliseconds that took. */
    stop: async (): Promise<number> => {
      const begin = performance.now();
      await lifetime.close();
      return performance.now() - begin;
    },
    close: async (): Promise<void> => {
      await Promise.all([database, queue, storage].map((proxy) => proxy.pass()));
      await lifetime.close();
      await Promise.all([database, queue, storage].map((proxy) => proxy.close()));
      await stage.close();
      await options.queue?.close();
    },
  };
}

export type Outage = Awaited<ReturnType<typeof createOutage>>;
