import { isDatabaseUnavailable } from "@docket/platform/database";
import { StorageError } from "@docket/platform/storage";

/** Why an attempt was stopped from outside. `lost`: canceled, or taken by another worker. */
export type StopReason = "lost" | "shutdown";

/** The reason with which a running attempt is aborted. */
export class AttemptStopped extends Error {
  override readonly name = "AttemptStopped";
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`attempt stopped: ${reason}`);
    this.reason = reason;
  }
}

/** What is to become of the job after an attempt that brought no file. */
export type Outcome =
  /** The row belongs to somebody else now: write nothing. */
  | { readonly kind: "lost" }
  /** Not the job's fault: back to the queue at no attempt's cost; `soon` when another worker can take it at once. */
  | { readonly kind: "hand-back"; readonly soon: boolean }
  /** A failed attempt: again later, while attempts are left. */
  | { readonly kind: "retry"; readonly code: string; readonly message: string }
  /** No retry can mend it. */
  | { readonly kind: "fail"; readonly code: string; readonly message: string };

/** The one place that decides whether a failed attempt is worth another. `message` is safe to show a user. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof AttemptStopped)
    return error.reason === "lost" ? { kind: "lost" } : { kind: "hand-back", soon: true };
  // Before the database: a store that is away shows the same socket faults, as the cause.
  if (error instanceof StorageError) {
    const kind = error.kind === "misconfigured" || error.kind === "too_large" ? "fail" : "retry";
    return { kind, code: error.code, message: error.message };
  }
  if (isDatabaseUnavailable(error)) return { kind: "hand-back", soon: false };
  return {
    kind: "retry",
    code: "export_failed",
    message: "The export could not be written. It may succeed if you order it again.",
  };
}
