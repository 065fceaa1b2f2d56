import {
  EXPORT_QUEUE,
  FIRST_TURN,
  messageId,
  priorityOf,
  type ExportMessage,
  type Turn,
} from "./messages.ts";
import { createProducer, ONCE, type ProducerOptions } from "./producer.ts";

type AddOptions = { readonly claim: number; readonly delayMs?: number; readonly place?: Turn };

/** A message to be added. */
type NewMessage = { readonly message: ExportMessage; readonly options: AddOptions };

export type ExportQueue = {
  /**
   * Enqueues the message for a job that has been claimed `claim` times. Has no effect if that message is still in the queue.
   * Messages with the lowest turn come first, and those of one turn in the order in which they were added. Default: the first.
   *
   * @throws QueueUnavailableError after at most a second.
   */
  readonly add: (message: ExportMessage, options: AddOptions) => Promise<void>;
  /** Enqueues several messages in one round trip, each as {@link ExportQueue.add} does. @throws QueueUnavailableError */
  readonly addAll: (messages: readonly NewMessage[]) => Promise<void>;
  /** The number of messages by state. @throws QueueUnavailableError */
  readonly depth: () => Promise<Readonly<Record<string, number>>>;
  /** @throws QueueUnavailableError if the queue does not respond. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Messages have a priority, so that those which wait are `prioritized`. Earlier releases also used `wait`. */
const STATES = ["wait", "prioritized", "delayed", "active"] as const;

/** Opens the producing side of the queue of exports. Connects in the background, and reconnects after a lost connection. */
export function createExportQueue(producer: ProducerOptions): ExportQueue {
  const { attempt, close } = createProducer<ExportMessage>(EXPORT_QUEUE, producer);
  const addAll: ExportQueue["addAll"] = async (messages) => {
    await attempt((queue) => queue.addBulk(messages.map(jobOf)));
  };
  return {
    add: (message, options) => addAll([{ message, options }]),
    addAll,
    depth: () => attempt((queue) => queue.getJobCounts(...STATES)),
    ping: async () => {
      await attempt((queue) => queue.getJobCounts("wait"));
    },
    close,
  };
}

/** The message as a job of BullMQ. */
const jobOf = ({ message, options: { claim, delayMs, place = FIRST_TURN } }: NewMessage) => ({
  name: EXPORT_QUEUE,
  data: message,
  opts: {
    ...ONCE,
    jobId: messageId(message, claim, place),
    priority: priorityOf(place),
    ...(delayMs !== undefined && { delay: delayMs }),
  },
});
