import {
  createPostgresBackend,
  Queue,
  Worker,
  type BackendFactory,
  type Processor,
  type RedisQueueBackend,
} from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import { QuietClient } from "../database/quiet-client.ts";

// The only module that knows which backend BullMQ uses: Redis (`redis://`, `rediss://`) or its own Postgres backend (`postgres://`).

export type QueueParts<Message> = {
  readonly queue: Queue<Message>;
  /** Closes the underlying connection. To be called after `queue.close()`. */
  readonly disconnect: () => void;
};

export const isRedis = (url: string): boolean => /^rediss?:/.test(url);

const CONNECT_TIMEOUT_MS = 5_000;

/** Separates our keys from others in a shared Redis. */
const KEY_PREFIX = "docket";

/** BullMQ's constructors accept both backends, but with a typed message its types accept only Redis. */
const postgresBackend = createPostgresBackend as unknown as BackendFactory<RedisQueueBackend>;

const postgresConnection = (url: string, max: number): object => ({
  connectionString: url,
  migrate: true,
  max,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  Client: QuietClient,
});

/**
 * Opens the producing side. While Redis is unavailable, a command fails at the next reconnection attempt instead of waiting for
 * Redis to return; callers need a timeout of their own until then.
 */
export function openQueue<Message>(
  url: string,
  name: string,
  onError: (error: Error) => void,
): QueueParts<Message> {
  if (!isRedis(url)) {
    const queue = new Queue<Message>(
      name,
      { connection: postgresConnection(url, 4) },
      postgresBackend,
    );
    queue.on("error", onError);
    return { queue, disconnect: () => undefined };
  }
  const redis = openRedis(url, { maxRetriesPerRequest: 1 }, onError);
  const queue = new Queue<Message>(name, { connection: redis, prefix: KEY_PREFIX });
  queue.on("error", onError);
  return { queue, disconnect: () => redis.disconnect() };
}

export type WorkerParts<Message> = {
  readonly worker: Worker<Message>;
  readonly disconnect: () => void;
};

/**
 * Opens the consuming side, which does not run yet. BullMQ renews its own lock at half its duration; correctness relies on the
 * row's lease and claim instead.
 */
export function openWorker<Message>(
  url: string,
  name: string,
  concurrency: number,
  processor: Processor<Message, void>,
  onError: (error: Error) => void,
): WorkerParts<Message> {
  const options = {
    concurrency,
    autorun: false,
    lockDuration: 30_000,
    stalledInterval: 15_000,
    maxStalledCount: 1,
    drainDelay: 5,
  };
  if (!isRedis(url)) {
    const worker = new Worker<Message>(
      name,
      processor,
      { ...options, connection: postgresConnection(url, concurrency + 3) },
      postgresBackend,
    );
    worker.on("error", onError);
    return { worker, disconnect: () => undefined };
  }
  const redis = openRedis(url, { maxRetriesPerRequest: null }, onError);
  const worker = new Worker<Message>(name, processor, {
    ...options,
    connection: redis,
    prefix: KEY_PREFIX,
  });
  worker.on("error", onError);
  return { worker, disconnect: () => redis.disconnect() };
}

/** Connects in the background, and reconnects after a lost connection. */
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
