import { withTimeout } from "../process/timeout.ts";
import type { Logger } from "../process/logger.ts";
import { openQueue, type QueueParts } from "./connection.ts";

/** The queue did not respond in time. Nothing is lost: the rows are read again on a timer. */
export class QueueUnavailableError extends Error {
  override readonly name = "QueueUnavailableError";
}

export type ProducerOptions = { readonly url: string; readonly logger: Logger };

/** The row decides about retries, so that a message is handled once and forgotten. */
export const ONCE = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

const TIMEOUT_MS = 1_000;

/** An unavailable queue must not keep a process from stopping. */
const CLOSE_TIMEOUT_MS = 1_000;

type Producer<Message> = {
  /** Resolves with the result of `work`. @throws QueueUnavailableError if it fails or takes longer than a second. */
  readonly attempt: <T>(work: (queue: QueueParts<Message>["queue"]) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

/** Opens the producing side of a queue. */
export function createProducer<Message>(
  name: string,
  { url, logger }: ProducerOptions,
): Producer<Message> {
  const onError = (error: Error): void =>
    logger.warn({ err: error, queue: name }, "queue connection failed");
  let parts = openQueue<Message>(url, name, onError);
  let isClosed = false;

  const close = async ({ queue, disconnect }: QueueParts<Message>): Promise<void> => {
    await withTimeout(CLOSE_TIMEOUT_MS, queue.close()).catch(onError);
    disconnect();
  };

  return {
    attempt: async (work) => {
      const used = parts;
      try {
        return await withTimeout(TIMEOUT_MS, work(used.queue));
      } catch (error) {
        const hasFailed = !isClosed && used === parts && (await failedToConnect(used));
        // Of concurrent calls, only the first one opens a new queue, and none does after `close`.
        if (hasFailed && !isClosed && used === parts) {
          // A queue whose first connection failed never recovers, so the next call uses a new one.
          parts = openQueue(url, name, onError);
          void close(used);
        }
        throw new QueueUnavailableError("the queue does not respond", { cause: error });
      }
    },
    close: () => {
      isClosed = true;
      return close(parts);
    },
  };
}

/** True if the queue's first connection has failed. */
async function failedToConnect<Message>({ queue }: QueueParts<Message>): Promise<boolean> {
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
