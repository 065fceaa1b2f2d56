import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../process/logger.ts";
import { openWorker } from "./connection.ts";
import { EXPORT_QUEUE, type ExportMessage } from "./messages.ts";

export type ExportConsumer = {
  /** Takes no new delivery, waits until the running ones have returned, and disconnects; a queue that is away is not waited for. */
  readonly close: () => Promise<void>;
};

/**
 * Calls `handle` for each delivery, `concurrency` at a time.
 *
 * A delivery may come twice, late, or for a job that is long finished: `handle` asks the row. A delivery whose handler
 * fails is gone; the row's own state brings the next one.
 */
export function createExportConsumer(options: {
  readonly url: string;
  readonly concurrency: number;
  readonly logger: Logger;
  readonly handle: (message: ExportMessage) => Promise<void>;
}): ExportConsumer {
  const { logger, handle } = options;
  const onError = (error: Error): void =>
    logger.warn({ err: error, queue: EXPORT_QUEUE }, "queue connection");
  const handling = new Set<Promise<void>>();
  let open: ReturnType<typeof openWorker> | undefined;
  let stopped = false;
  let wake: () => void = () => undefined;

  const start = (): ReturnType<typeof openWorker> =>
    openWorker(
      options.url,
      options.concurrency,
      async (delivery) => {
        const work = handle(delivery.data);
        handling.add(work);
        try {
          await work;
        } catch (error) {
          logger.warn({ err: error, ...delivery.data }, "a delivery came to nothing");
          throw error;
        } finally {
          handling.delete(work);
        }
      },
      onError,
    );

  // A worker whose first connection fails never runs: open another after a pause, until there is one that does.
  const keepRunning = async (): Promise<void> => {
    while (!stopped) {
      open = start();
      try {
        await open.worker.waitUntilReady();
        await open.worker.run();
        return;
      } catch (error) {
        onError(error as Error);
        await closeParts(open);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, RESTART_PAUSE_MS);
        });
      }
    }
  };

  const closeParts = async ({
    worker,
    disconnect,
  }: ReturnType<typeof openWorker>): Promise<void> => {
    await worker.close().catch(onError);
    disconnect();
  };

  const running = keepRunning();
  return {
    close: async () => {
      stopped = true;
      wake();
      const closing = (async () => {
        if (open !== undefined) await closeParts(open);
        await running;
      })();
      await Promise.allSettled(handling);
      await Promise.race([closing, pause(CLOSE_MS, undefined, { ref: false })]);
      open?.disconnect();
    },
  };
}

const RESTART_PAUSE_MS = 1_000;

/** What a queue gets to take leave, once nothing runs any more. */
const CLOSE_MS = 2_000;
