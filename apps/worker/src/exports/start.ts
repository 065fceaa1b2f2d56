import type { Lifetime } from "@docket/platform";
import { createExportConsumer } from "@docket/platform/queue";
import { BUFFERS_PER_UPLOAD, createBufferPool } from "@docket/platform/storage";
import type { WorkerContext } from "../context.ts";
import { runExport } from "./run-export.ts";
import type { ExportTools } from "./tools.ts";

/** Runs the exports that the queue delivers, until `lifetime` ends. Running exports are then handed back. */
export function startExports(context: WorkerContext, lifetime: Lifetime): void {
  const { config, logger, metrics, database, exportDatabase, queue, storage } = context;
  const shutdown = new AbortController();
  const tools: ExportTools = {
    database,
    exportPool: exportDatabase.pool,
    pingExportDatabase: exportDatabase.ping,
    queue,
    storage,
    bufferPool: createBufferPool(config.concurrency * BUFFERS_PER_UPLOAD),
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
    handle: (message) => runExport(message, tools),
  });
  lifetime.onClose("consumer", () => {
    shutdown.abort();
    return consumer.close();
  });
}
