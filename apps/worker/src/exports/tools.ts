import type { Logger } from "@docket/platform";
import type { Database } from "@docket/platform/database";
import type { ExportQueue } from "@docket/platform/queue";
import type { BufferPool, Storage } from "@docket/platform/storage";
import type { WorkerMetrics } from "../metrics.ts";

/** What an export needs besides its message. */
export type ExportTools = {
  readonly database: Pick<Database, "prisma" | "transaction">;
  /** The pool that snapshots are read through. */
  readonly exportPool: Database["pool"];
  /** Rejects within seconds if the database behind `exportPool` does not respond. */
  readonly pingExportDatabase: () => Promise<unknown>;
  readonly queue: Pick<ExportQueue, "add">;
  /** Undefined if object storage is not configured: the job then fails with `storage_not_configured`. */
  readonly storage: Storage | undefined;
  /** The buffers of all exports' parts. */
  readonly bufferPool: BufferPool;
  readonly logger: Logger;
  readonly metrics: Pick<WorkerMetrics, "changed" | "written" | "returned">;
  /** Aborts when the worker is to stop. */
  readonly shutdown: AbortSignal;
  readonly retentionDays: number;
  readonly retryBaseMs: number;
  /** In [0, 1). */
  readonly random: () => number;
};
