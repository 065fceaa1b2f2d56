import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../process/logger.ts";
import { openWorker, type WorkerParts } from "./connection.ts";
import { EXPORT_QUEUE, type ExportMessage } from "./messages.ts";

export type ExportConsumer = {
  /** Accepts no new deliveries, waits for the running handlers, and disconnects. Does not wait for an unreachable queue. */
  readonly close: () => Promise<void>;
};

export type ExportConsumerOptions = {
  readonly url: string;
  readonly concurrency: number;
  readonly logger: Logger;
  readonly handle: (message: ExportMessage) => Promise<void>;
};

const RESTART_DELAY_MS = 1_000;

/** How long closing the worker may take once no handler is running. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Calls `handle` for each delivery, at most `concurrency` at a time.
 *
 * A delivery may arrive twice, late, or for a job that has finished, so `handle` must check the row. A failed delivery is not
 * redelivered: the state of the row leads to the next one.
 */
export function createExportConsumer(options: ExportConsumerOptions): ExportConsumer {
  const { logger } = options;
  const onError = (error: Error): void =>
    logger.warn({ err: error, queue: EXPORT_QUEUE }, "queue connection failed");
  const handlers = new Set<Promise<void>>();
  const stop = new AbortController();
  const handle = trackHandlers(options, handlers);
  const worker = keepWorkerRunning(
    () => openWorker(options.url, options.concurrency, ({ data }) => handle(data), onError),
    onError,
    stop.signal,
  );
  return {
    close: async () => {
      stop.abort();
      const closed = worker.close();
      await Promise.allSettled(handlers);
      await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      worker.disconnect();
    },
  };
}

/** Runs a handler, keeps it in `handlers` meanwhile, and logs its failure. */
function trackHandlers(
  { handle, logger }: ExportConsumerOptions,
  handlers: Set<Promise<void>>,
): (message: ExportMessage) => Promise<void> {
  return async (message) => {
    const running = handle(message);
    handlers.add(running);
    try {
      await running;
    } catch (error) {
      logger.warn({ err: error, ...message }, "job delivery failed");
      throw error;
    } finally {
      handlers.delete(running);
    }
  };
}

type RunningWorker = {
  readonly close: () => Promise<void>;
  readonly disconnect: () => void;
};

/** A worker whose first connection fails never runs, so this opens a new one after a delay until one does. */
function keepWorkerRunning(
  open: () => WorkerParts,
  onError: (error: Error) => void,
  signal: AbortSignal,
): RunningWorker {
  let current = open();
  const closeCurrent = async (): Promise<void> => {
    const { worker, disconnect } = current;
    await worker.close().catch(onError);
    disconnect();
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await current.worker.waitUntilReady();
        await current.worker.run();
        return;
      } catch (error) {
        onError(error as Error);
        await closeCurrent();
      }
      await sleep(RESTART_DELAY_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) current = open();
    }
  };
  const running = run();
  return {
    close: async () => {
      await closeCurrent();
      await running;
    },
    disconnect: () => current.disconnect(),
  };
}
