import { withTimeout } from "../process/timeout.ts";
import type { Logger } from "../process/logger.ts";
import { openQueue, type QueueParts } from "./connection.ts";
import { deliveryId, EXPORT_QUEUE, type ExportMessage } from "./messages.ts";

/** The queue could not be reached in time. Nothing is lost by it: the reconciler repeats every QUEUED row. */
export class QueueUnavailableError extends Error {
  override readonly name = "QueueUnavailableError";
}

export type ExportQueue = {
  /**
   * Asks for the delivery of a job that was claimed `claim` times so far. Adding a delivery that is still there changes nothing.
   * Deliveries with a lower `turn` come first, those of one turn in the order they were added, and those without one before all.
   * @throws QueueUnavailableError after a second at the most.
   */
  readonly add: (
    message: ExportMessage,
    options: { readonly claim: number; readonly delayMs?: number; readonly turn?: number },
  ) => Promise<void>;
  /** Deliveries now, by their state in the queue. @throws QueueUnavailableError */
  readonly depth: () => Promise<Readonly<Record<string, number>>>;
  /** @throws QueueUnavailableError when the queue does not answer. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** `prioritized`: those with a turn, which is all that are not delayed. */
const DEPTHS = ["wait", "prioritized", "delayed", "active"] as const;

const DEADLINE_MS = 1_000;

/** A queue that is away must not keep a process from stopping. */
const CLOSE_MS = 1_000;

/** Opens the sending side of the queue; connects in the background, and again whenever the connection was lost. */
export function createExportQueue(options: {
  readonly url: string;
  readonly logger: Logger;
}): ExportQueue {
  const onError = (error: Error): void =>
    options.logger.warn({ err: error, queue: EXPORT_QUEUE }, "queue connection");
  let parts: QueueParts = openQueue(options.url, onError);

  const close = async ({ queue, disconnect }: QueueParts): Promise<void> => {
    await withTimeout(CLOSE_MS, queue.close()).catch(onError);
    disconnect();
  };

  /** Runs `work` within the deadline. */
  const attempt = async <T>(work: (queue: QueueParts["queue"]) => Promise<T>): Promise<T> => {
    const used = parts;
    try {
      return await withTimeout(DEADLINE_MS, work(used.queue));
    } catch (error) {
      if (used === parts && (await neverReady(used))) {
        // A queue whose first connection failed keeps that failure for ever: the next call gets a new one.
        parts = openQueue(options.url, onError);
        void close(used);
      }
      throw new QueueUnavailableError("the queue does not answer", { cause: error });
    }
  };

  return {
    add: async (message, { claim, delayMs, turn }) => {
      await attempt((queue) =>
        queue.add(EXPORT_QUEUE, message, {
          jobId: deliveryId(message, claim),
          // One delivery is one attempt: when to try again is the row's to say.
          attempts: 1,
          removeOnComplete: true,
          removeOnFail: true,
          ...(delayMs !== undefined && { delay: delayMs }),
          ...(turn !== undefined && { priority: turn }),
        }),
      );
    },
    depth: () => attempt((queue) => queue.getJobCounts(...DEPTHS)),
    ping: async () => {
      await attempt((queue) => queue.getJobCounts("wait"));
    },
    close: () => close(parts),
  };
}

/** True when the queue's first connection has failed for good. */
async function neverReady({ queue }: QueueParts): Promise<boolean> {
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
