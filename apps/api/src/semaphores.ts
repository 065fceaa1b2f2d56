import { DocketError, type ErrorCode } from "@docket/domain";
import { createSemaphore, type Semaphore } from "./http/semaphore.ts";

/** Bounds on concurrent work in this process. A tenant has at most half of the permits. */
export type Semaphores = {
  /** Held while an ingest holds a database connection. */
  readonly ingests: Semaphore;
  /** Held while a file of known length holds a connection to the object storage. */
  readonly sizedUploads: Semaphore;
  /** Held while a file of unknown length holds its parts in memory. */
  readonly chunkedUploads: Semaphore;
  /** Held while an upload commits, so that simultaneous uploads cannot drain the database pool. */
  readonly uploadCommits: Semaphore;
};

/** Waiting requests hold a connection and no memory for their bodies. */
const QUEUE = { maxWaiting: 256, maxWaitingPerKey: 128, maxWaitMs: 10_000 };

const RETRY_SECONDS = 5;

const busy = (code: ErrorCode, what: string) => (): DocketError =>
  new DocketError(code, `Too many ${what} are running; try again in ${RETRY_SECONDS} s.`, {
    retryAfterSeconds: RETRY_SECONDS,
  });

const UPLOADS = { ...QUEUE, refusal: busy("dependency_unavailable", "uploads") };

export const createSemaphores = (): Semaphores => ({
  // Fewer than the smallest database pool (API_POOL_SIZE).
  ingests: createSemaphore({
    ...QUEUE,
    permits: 4,
    perKey: 2,
    large: 3,
    refusal: busy("too_many_ingests", "ingests"),
  }),
  // Fewer than the 64 connections of the storage client.
  sizedUploads: createSemaphore({ ...UPLOADS, permits: 48, perKey: 24 }),
  // Each upload buffers two parts of 5 MiB, and the client copies them once more.
  chunkedUploads: createSemaphore({ ...UPLOADS, permits: 8, perKey: 4 }),
  uploadCommits: createSemaphore({ ...UPLOADS, permits: 3, maxWaitMs: 60_000 }),
});
