import { isDatabaseUnavailable, isRecoveryConflict } from "@docket/platform/database";
import { StorageError } from "@docket/platform/storage";
import { CellTooLong } from "@docket/reports";

/** Why an attempt was stopped. `lost`: the job was canceled or claimed by another worker. */
export type StopReason = "lost" | "shutdown";

/** The abort reason of a stopped attempt. */
export class AttemptStopped extends Error {
  override readonly name = "AttemptStopped";
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`attempt stopped: ${reason}`);
    this.reason = reason;
  }
}

export class StorageNotConfigured extends Error {
  override readonly name = "StorageNotConfigured";
}

/** What to do with the job after an attempt that produced no file. `message` is safe to show to a user. */
export type Outcome =
  /** Another worker or nobody holds the job: write nothing. */
  | { readonly kind: "lost" }
  /** Back to the queue without using up an attempt: at once after a shutdown, later after a fault of the database. */
  | { readonly kind: "hand-back"; readonly isShutdown: boolean }
  /** A failed attempt: retry while attempts are left. */
  | { readonly kind: "retry"; readonly code: string; readonly message: string }
  /** A permanent error. */
  | { readonly kind: "fail"; readonly code: string; readonly message: string };

/** The only place that decides between retry and permanent failure. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof AttemptStopped)
    return error.reason === "lost" ? { kind: "lost" } : { kind: "hand-back", isShutdown: true };
  if (error instanceof StorageNotConfigured) {
    return {
      kind: "fail",
      code: "storage_not_configured",
      message: "Exports are not available: object storage is not configured.",
    };
  }
  // Before the database check: the cause of a storage error may be a socket error that looks like the database's.
  if (error instanceof StorageError) {
    const kind = error.kind === "misconfigured" || error.kind === "too_large" ? "fail" : "retry";
    return { kind, code: error.code, message: error.message };
  }
  if (error instanceof CellTooLong) {
    const message = `A text in the column ${error.column} is longer than an XLSX cell may be. Use another format, or leave the column out.`;
    return { kind: "fail", code: "cell_too_long", message };
  }
  if (isDatabaseUnavailable(error) || isRecoveryConflict(error))
    return { kind: "hand-back", isShutdown: false };
  return {
    kind: "retry",
    code: "export_failed",
    message: "The export could not be written. Creating it again may succeed.",
  };
}
