import type { Logger } from "@docket/platform";
import type { Database } from "@docket/platform/database";
import type { Storage } from "@docket/platform/storage";
import type { WorkerMetrics } from "../metrics.ts";

export type SweeperTools = {
  readonly database: Pick<Database, "prisma" | "pool" | "transaction">;
  readonly storage: Storage;
  readonly logger: Logger;
  readonly metrics: Pick<WorkerMetrics, "changed">;
};

/**
 * Runs `work` for each row until `signal` aborts, and returns how often it returned true. A row that fails is logged and retried in
 * a later run, so that it does not hold up the others.
 */
export async function sweepRows<Row extends object>(
  rows: readonly Row[],
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
  work: (row: Row) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  for (const row of rows) {
    if (signal.aborted) break;
    try {
      if (await work(row)) done += 1;
    } catch (error) {
      logger.warn({ err: error, row }, "upkeep of a row failed; a later run will retry");
    }
  }
  return done;
}

/** Deletes an object and every unfinished upload to its key. Idempotent. */
export async function deleteObject(storage: Storage, key: string): Promise<void> {
  for await (const upload of storage.listUploads(key))
    await storage.abortUpload(upload.key, upload.uploadId);
  await storage.delete(key);
}
