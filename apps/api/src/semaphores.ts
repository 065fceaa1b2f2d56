import { createSemaphore, type Semaphore } from "./http/semaphore.ts";
import { tooMany } from "./http/translate-error.ts";

/** Bounds on concurrent work in this process. Most have a cap for each tenant: half of the permits, or two. */
export type Semaphores = {
  /** Held while a connection of the database pool is in use for a tenant. */
  readonly connections: Semaphore;
  /** Held while an estimate of an export counts, which may read millions of rows. */
  readonly counts: Semaphore;
  /** Held while a page of a list is in memory: from its first row until the client has read it. */
  readonly pages: Semaphore;
  /** Held while an ingest holds a database connection. */
  readonly ingests: Semaphore;
  /** Held while a file of known length holds a connection to the object storage. */
  readonly sizedUploads: Semaphore;
  /** Held while a file of unknown length holds its parts in memory. */
  readonly chunkedUploads: Semaphore;
  /** Held while an archive holds a connection to the object storage, until the client has read it. */
  readonly archives: Semaphore;
  /**
   * Held while an upload commits; the key is the dispute. Of simultaneous uploads to one dispute, one waits in Postgres for the row,
   * and the others here.
   */
  readonly uploadCommits: Semaphore;
  /**
   * Held while an upload uses the database, except for its idempotency key. Many uploads may begin at once, and their writes wait
   * for the disk on which files arrive: they must leave connections to the other requests of their tenant.
   */
  readonly uploadQueries: Semaphore;
};

/** A waiting request holds its TCP connection, and nothing of its body. */
const QUEUE = { maxWaiting: 256, maxWaitingPerKey: 128, maxWaitMs: 10_000 };

/** The same for one tenant, where requests wait for each other and not for a permit. */
export const WAITING_PER_TENANT = {
  maxWaiting: QUEUE.maxWaitingPerKey,
  maxWaitMs: QUEUE.maxWaitMs,
};

const UPLOADS = { ...QUEUE, refusal: () => tooMany("uploads") };

/** Each upload in progress has a connection to its client, of which the server has a limited number, until its file is stored. */
const IN_PROGRESS = {
  maxWaiting: Number.POSITIVE_INFINITY,
  maxWaitingPerKey: Number.POSITIVE_INFINITY,
  maxWaitMs: 60_000,
};

const DATABASE = {
  ...QUEUE,
  refusal: () => tooMany("requests to the database"),
};

const INGESTS_PER_TENANT = 2;

/** @param poolSize the number of connections of the database pool. */
export const createSemaphores = (poolSize: number): Semaphores => ({
  connections: createSemaphore({
    ...DATABASE,
    // One is left to health checks and to the cancellation of ingests.
    permits: poolSize - 1,
    // A tenant whose ingests run can still do something else.
    perKey: Math.max(Math.floor(poolSize / 2), INGESTS_PER_TENANT + 1),
  }),
  counts: createSemaphore({ ...DATABASE, permits: 4, perKey: 2 }),
  pages: createSemaphore({
    ...QUEUE,
    permits: 24,
    perKey: 4,
    refusal: () => tooMany("requests for lists"),
  }),
  // Fewer than the smallest database pool (API_POOL_SIZE).
  ingests: createSemaphore({
    ...QUEUE,
    permits: 4,
    perKey: INGESTS_PER_TENANT,
    large: 3,
    refusal: () => tooMany("ingests", { code: "too_many_ingests" }),
  }),
  // Fewer than the 64 connections of the storage client.
  sizedUploads: createSemaphore({ ...UPLOADS, permits: 48, perKey: 24 }),
  // Each upload buffers two parts of 5 MiB, and the client copies them once more.
  chunkedUploads: createSemaphore({ ...UPLOADS, permits: 8, perKey: 4 }),
  // With both kinds of uploads fewer than the 64 connections of the storage client.
  archives: createSemaphore({
    ...QUEUE,
    permits: 6,
    perKey: 3,
    refusal: () => tooMany("archives"),
  }),
  uploadCommits: createSemaphore({
    ...UPLOADS,
    ...IN_PROGRESS,
    permits: Number.POSITIVE_INFINITY,
    perKey: 1,
  }),
  uploadQueries: createSemaphore({
    ...UPLOADS,
    ...IN_PROGRESS,
    permits: Math.floor(poolSize / 2),
    perKey: 2,
  }),
});
