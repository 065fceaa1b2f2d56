import { Redis } from "ioredis";
import pg from "pg";
import { createTestDatabase } from "./database.ts";

/** A queue backend to run tests on. */
export type QueueTarget = {
  readonly name: string;
  /** Opens an empty queue. */
  readonly open: () => Promise<TestQueue>;
};

export type TestQueue = {
  /** A `QUEUE_URL`. */
  readonly url: string;
  /** Deletes everything in the queue, like the restart of a server without persistence. */
  readonly wipe: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * BullMQ's Postgres backend, and Redis if `TEST_REDIS_URL` is set.
 *
 * @param redisDatabase the number of a Redis database that no other test file uses. It will be flushed.
 */
export function queueTargets(redisDatabase: number): readonly QueueTarget[] {
  const redis = process.env["TEST_REDIS_URL"];
  return [
    { name: "Postgres", open: openPostgres },
    ...(redis === undefined
      ? []
      : [{ name: "Redis", open: () => openRedis(redis, redisDatabase) }]),
  ];
}

async function openPostgres(): Promise<TestQueue> {
  const database = await createTestDatabase();
  return {
    url: database.ownerUrl,
    wipe: async () => {
      const client = new pg.Client({ connectionString: database.ownerUrl });
      await client.connect();
      try {
        await client.query("TRUNCATE bullmq.job CASCADE; TRUNCATE bullmq.event, bullmq.meta");
      } finally {
        await client.end();
      }
    },
    close: () => database.drop(),
  };
}

async function openRedis(server: string, database: number): Promise<TestQueue> {
  const changed = new URL(server);
  changed.pathname = `/${database}`;
  const url = changed.href;
  const wipe = async (): Promise<void> => {
    const redis = new Redis(url);
    await redis.flushdb();
    redis.disconnect();
  };
  await wipe();
  return { url, wipe, close: wipe };
}
