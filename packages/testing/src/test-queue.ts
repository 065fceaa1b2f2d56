import { Redis } from "ioredis";
import pg from "pg";
import { createTestDatabase } from "./test-database.ts";

/** A queue server that tests can use. */
export interface QueueTarget {
  readonly name: string;
  /** A queue of the test's own, empty. */
  open(): Promise<OpenQueue>;
}

export interface OpenQueue {
  /** As `QUEUE_URL` names it. */
  readonly url: string;
  /** Loses all that the queue holds, as a server does that kept nothing on disk. */
  lose(): Promise<void>;
  close(): Promise<void>;
}

/**
 * BullMQ's Postgres backend always, and Redis when `TEST_REDIS_URL` names one.
 *
 * @param redisDatabase the number of a database in that Redis which no other test file uses: it is emptied.
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

async function openPostgres(): Promise<OpenQueue> {
  const database = await createTestDatabase();
  return {
    url: database.ownerUrl,
    lose: async () => {
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

async function openRedis(server: string, database: number): Promise<OpenQueue> {
  const changed = new URL(server);
  changed.pathname = `/${database}`;
  const url = changed.href;
  const lose = async (): Promise<void> => {
    const redis = new Redis(url);
    await redis.flushdb();
    redis.disconnect();
  };
  await lose();
  return { url, lose, close: lose };
}
