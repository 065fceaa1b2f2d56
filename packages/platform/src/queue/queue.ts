import {
  EXPORT_QUEUE,
  FIRST_TURN,
  messageId,
  priorityOf,
  type ExportMessage,
  type Turn,
} from "./messages.ts";
import { createProducer, ONCE, type ProducerOptions } from "./producer.ts";

export type ExportQueue = {
  /**
   * Enqueues the message for a job that has been claimed `claim` times. Has no effect if that message is still in the queue.
   * Messages with the lowest turn come first, and those of one turn in the order in which they were added. Default: the first.
   *
   * @throws QueueUnavailableError after at most a second.
   */
  readonly add: (
    message: ExportMessage,
    options: { readonly claim: number; readonly delayMs?: number; readonly place?: Turn },
  ) => Promise<void>;
  /** The number of messages by state. @throws QueueUnavailableError */
  readonly depth: () => Promise<Readonly<Record<string, number>>>;
  /** @throws QueueUnavailableError if the queue does not respond. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Messages have a priority, so that those which wait are `prioritized`. Earlier releases also used `wait`. */
const STATES = ["wait", "prioritized", "delayed", "active"] as const;

/** Opens the producing side of the queue of exports. Connects in the background, and reconnects after a lost connection. */
export function createExportQueue(options: ProducerOptions): ExportQueue {
  const { attempt, close } = createProducer<ExportMessage>(EXPORT_QUEUE, options);
  return {
    add: async (message, { claim, delayMs, place = FIRST_TURN }) => {
      await attempt((queue) =>
        queue.add(EXPORT_QUEUE, message, {
          ...ONCE,
          jobId: messageId(message, claim, place),
          priority: priorityOf(place),
          ...(delayMs !== undefined && { delay: delayMs }),
        }),
      );
    },
    depth: () => attempt((queue) => queue.getJobCounts(...STATES)),
    ping: async () => {
      await attempt((queue) => queue.getJobCounts("wait"));
    },
    close,
  };
}
