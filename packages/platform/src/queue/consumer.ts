import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../process/logger.ts";
import { openWorker, type WorkerParts } from "./connection.ts";
import {
  EXPORT_QUEUE,
  WEBHOOK_QUEUE,
  type ExportMessage,
  type WebhookMessage,
} from "./messages.ts";

export type Consumer = {
  /** Accepts no new messages, waits for the running handlers, and disconnects. Does not wait for an unreachable queue. */
  readonly close: () => Promise<void>;
};

type ConsumerOptions<Message> = {
  readonly url: string;
  readonly concurrency: number;
  readonly logger: Logger;
  readonly handle: (message: Message) => Promise<void>;
};

const RESTART_DELAY_MS = 1_000;

/** How long closing the worker may take once no handler is running. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Consumes the queue of exports. */
export const createExportConsumer = (options: ConsumerOptions<ExportMessage>): Consumer =>
  createConsumer(EXPORT_QUEUE, options);

/** Consumes the queue of webhooks. */
export const createWebhookConsumer = (options: ConsumerOptions<WebhookMessage>): Consumer =>
  createConsumer(WEBHOOK_QUEUE, options);

/**
 * Calls `handle` for each message, at most `concurrency` at a time.
 *
 * A message may arrive twice, late, or for a job that has finished, so `handle` must check the row. A message whose handler failed
 * is not delivered again: the state of the row leads to the next one.
 */
function createConsumer<Message extends object>(
  name: string,
  options: ConsumerOptions<Message>,
): Consumer {
  const { logger } = options;
  const onError = (error: Error): void =>
    logger.warn({ err: error, queue: name }, "queue connection failed");
  const handlers = new Set<Promise<void>>();
  const stop = new AbortController();
  const handle = trackHandlers(options, handlers);
  const worker = keepWorkerRunning(
    () =>
      openWorker<Message>(
        options.url,
        name,
        options.concurrency,
        ({ data }) => handle(data),
        onError,
      ),
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
function trackHandlers<Message extends object>(
  { handle, logger }: ConsumerOptions<Message>,
  handlers: Set<Promise<void>>,
): (message: Message) => Promise<void> {
  return async (message) => {
    const running = handle(message);
    handlers.add(running);
    try {
      await running;
    } catch (error) {
      logger.warn({ err: error, ...(message as object) }, "queue message failed");
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
function keepWorkerRunning<Message>(
  open: () => WorkerParts<Message>,
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
