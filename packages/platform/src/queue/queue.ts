import { withTimeout } from "../process/timeout.ts";
import type { Logger } from "../process/logger.ts";
import { openQueue, type QueueParts } from "./connection.ts";
import {
  deliveryId,
  EXPORT_QUEUE,
  FIRST_TURN,
  priorityOf,
  type ExportMessage,
  type Turn,
} from "./messages.ts";

/** The queue did not respond in time. Nothing is lost: the reconciler enqueues every QUEUED row again. */
export class QueueUnavailableError extends Error {
  override readonly name = "QueueUnavailableError";
}

export type ExportQueue = {
  /**
   * Enqueues the delivery of a job that has been claimed `claim` times. Has no effect if that delivery is still in the queue.
   * Deliveries with the lowest turn come first, and those of one turn in the order in which they were added. Default: the first.
   *
   * @throws QueueUnavailableError after at most a second.
   */
  readonly add: (
    message: ExportMessage,
    options: { readonly claim: number; readonly delayMs?: number; readonly place?: Turn },
  ) => Promise<void>;
  /** The number of deliveries by state. @throws QueueUnavailableError */
  readonly depth: () => Promise<Readonly<Record<string, number>>>;
  /** @throws QueueUnavailableError if the queue does not respond. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Deliveries have a priority, so that those which wait are `prioritized`. Earlier releases also used `wait`. */
const STATES = ["wait", "prioritized", "delayed", "active"] as const;

const TIMEOUT_MS = 1_000;

/** An unavailable queue must not keep a process from stopping. */
const CLOSE_TIMEOUT_MS = 1_000;

/** Opens the producing side of the queue. Connects in the background, and reconnects after a lost connection. */
export function createExportQueue(options: {
  readonly url: string;
  readonly logger: Logger;
}): ExportQueue {
  const onError = (error: Error): void =>
    options.logger.warn({ err: error, queue: EXPORT_QUEUE }, "queue connection failed");
  let parts: QueueParts = openQueue(options.url, onError);

  const close = async ({ queue, disconnect }: QueueParts): Promise<void> => {
    await withTimeout(CLOSE_TIMEOUT_MS, queue.close()).catch(onError);
    disconnect();
  };

  /** Rejects with QueueUnavailableError if `work` fails or takes too long. */
  const attempt = async <T>(work: (queue: QueueParts["queue"]) => Promise<T>): Promise<T> => {
    const used = parts;
    try {
      return await withTimeout(TIMEOUT_MS, work(used.queue));
    } catch (error) {
      if (used === parts && (await failedToConnect(used))) {
        // A queue whose first connection failed never recovers, so the next call uses a new one.
        parts = openQueue(options.url, onError);
        void close(used);
      }
      throw new QueueUnavailableError("the queue does not respond", { cause: error });
    }
  };

  return {
    add: async (message, { claim, delayMs, place = FIRST_TURN }) => {
      await attempt((queue) =>
        queue.add(EXPORT_QUEUE, message, {
          jobId: deliveryId(message, claim, place),
          priority: priorityOf(place),
          // The row decides about retries.
          attempts: 1,
          removeOnComplete: true,
          removeOnFail: true,
          ...(delayMs !== undefined && { delay: delayMs }),
        }),
      );
    },
    depth: () => attempt((queue) => queue.getJobCounts(...STATES)),
    ping: async () => {
      await attempt((queue) => queue.getJobCounts("wait"));
    },
    close: () => close(parts),
  };
}

/** True if the queue's first connection has failed. */
async function failedToConnect({ queue }: QueueParts): Promise<boolean> {
  const pending = Symbol("pending");
  const outcome = await Promise.race([
    queue.waitUntilReady().then(
      () => "ready",
      () => "failed",
    ),
    new Promise((resolve) => setImmediate(resolve, pending)),
  ]);
  return outcome === "failed";
}
