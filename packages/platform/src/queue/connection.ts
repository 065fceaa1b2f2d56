import {
  createPostgresBackend,
  Queue,
  Worker,
  type BackendFactory,
  type Processor,
  type RedisQueueBackend,
} from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import { EXPORT_QUEUE, type ExportMessage } from "./messages.ts";

/**
 * The one place that knows on what BullMQ runs: Redis (`redis://`, `rediss://`) or BullMQ's own Postgres backend (`postgres://`).
 * Everything after the two constructors is the same code on both.
 */
export type QueueParts = {
  readonly queue: Queue<ExportMessage>;
  /** Ends the connection under the queue, after `queue.close()`. */
  readonly disconnect: () => void;
};

export const isRedis = (url: string): boolean => /^rediss?:/.test(url);

const CONNECT_TIMEOUT_MS = 5_000;

/** Keys of ours in a Redis that others may share. */
const PREFIX = "docket";

/** BullMQ's types know Redis connections only, once the message has a type; its constructors take both. */
const postgresBackend = createPostgresBackend as unknown as BackendFactory<RedisQueueBackend>;

const postgresConnection = (url: string, max: number): object => ({
  connectionString: url,
  migrate: true,
  max,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
});

/**
 * The sending side. A command to a Redis that is away fails at its next reconnection, instead of waiting for its return;
 * until then the caller's own deadline counts.
 */
export function openQueue(url: string, onError: (error: Error) => void): QueueParts {
  if (!isRedis(url)) {
    const queue = new Queue<ExportMessage>(
      EXPORT_QUEUE,
      { connection: postgresConnection(url, 4) },
      postgresBackend,
    );
    queue.on("error", onError);
    return { queue, disconnect: () => undefined };
  }
  const redis = openRedis(url, { maxRetriesPerRequest: 1 }, onError);
  const queue = new Queue<ExportMessage>(EXPORT_QUEUE, { connection: redis, prefix: PREFIX });
  queue.on("error", onError);
  return { queue, disconnect: () => redis.disconnect() };
}

export type WorkerParts = {
  readonly worker: Worker<ExportMessage>;
  readonly disconnect: () => void;
};

/**
 * The receiving side, not yet running. The lock is BullMQ's own, renewed at half its time by the library;
 * the row's lease and claim are what we rely on.
 */
export function openWorker(
  url: string,
  concurrency: number,
  processor: Processor<ExportMessage, void>,
  onError: (error: Error) => void,
): WorkerParts {
  const options = {
    concurrency,
    autorun: false,
    lockDuration: 30_000,
    stalledInterval: 15_000,
    maxStalledCount: 1,
    drainDelay: 5,
  };
  if (!isRedis(url)) {
    const worker = new Worker<ExportMessage>(
      EXPORT_QUEUE,
      processor,
      { ...options, connection: postgresConnection(url, concurrency + 3) },
      postgresBackend,
    );
    worker.on("error", onError);
    return { worker, disconnect: () => undefined };
  }
  const redis = openRedis(url, { maxRetriesPerRequest: null }, onError);
  const worker = new Worker<ExportMessage>(EXPORT_QUEUE, processor, {
    ...options,
    connection: redis,
    prefix: PREFIX,
  });
  worker.on("error", onError);
  return { worker, disconnect: () => redis.disconnect() };
}

/** Connects in the background, and again whenever the connection was lost. */
export function openRedis(
  url: string,
  options: RedisOptions,
  onError: (error: Error) => void,
): Redis {
  const redis = new Redis(url, {
    ...options,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  redis.on("error", onError);
  return redis;
}
