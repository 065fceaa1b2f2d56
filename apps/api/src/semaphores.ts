import { createSemaphore, type Semaphore } from "./http/semaphore.ts";

/** Bounds on concurrent work in this process. The per-tenant caps leave permits for other tenants. */
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

export const createSemaphores = (): Semaphores => ({
  // Fewer than the smallest database pool (API_POOL_SIZE).
  ingests: createSemaphore(4, 3),
  // Fewer than the 64 connections of the storage client.
  sizedUploads: createSemaphore(48, 32),
  // Each upload buffers two parts of 5 MiB, and the client copies them once more.
  chunkedUploads: createSemaphore(8, 5),
  uploadCommits: createSemaphore(3),
});
