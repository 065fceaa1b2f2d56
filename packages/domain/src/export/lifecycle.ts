import { defineLifecycle } from "../lifecycle.ts";

/** One action per kind of write that sets or depends on an export job's status. */
export type ExportAction =
  /** A worker acquires the job. */
  | "claim"
  /** The worker extends its lease and reports progress. */
  | "renew"
  | "succeed"
  /** An attempt failed; it counts, and the job runs again later. */
  | "retry"
  /** The worker returns the job without using up an attempt. */
  | "hand-back"
  /** The reconciler returns the job of a lost worker to the queue. */
  | "requeue"
  /** An attempt failed for good. */
  | "fail"
  /** The job used up its claims without a result (`worker_lost`). */
  | "give-up"
  | "cancel"
  | "expire";

export type ExportStatus = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "EXPIRED" | "CANCELED";

/** The states of docs/api.md §2. */
export const exportLifecycle = defineLifecycle<ExportStatus, ExportAction>({
  QUEUED: { claim: ["RUNNING"], "give-up": ["FAILED"], cancel: ["CANCELED"] },
  RUNNING: {
    claim: ["RUNNING"],
    renew: ["RUNNING"],
    succeed: ["SUCCEEDED"],
    retry: ["QUEUED"],
    "hand-back": ["QUEUED"],
    requeue: ["QUEUED"],
    fail: ["FAILED"],
    "give-up": ["FAILED"],
    cancel: ["CANCELED"],
  },
  SUCCEEDED: { expire: ["EXPIRED"] },
  FAILED: {},
  CANCELED: {},
  EXPIRED: {},
});

/**
 * What an action requires besides the job's state:
 *
 * - `holder`: the current claim, and the random id that was set with it, are the caller's.
 * - `lease-expired`: if the job is RUNNING, its lease has expired.
 * - `none`: nothing.
 */
export type ExportGuard = "holder" | "lease-expired" | "none";

const GUARDS = {
  claim: "lease-expired",
  renew: "holder",
  succeed: "holder",
  retry: "holder",
  "hand-back": "holder",
  requeue: "lease-expired",
  fail: "holder",
  "give-up": "lease-expired",
  cancel: "none",
  expire: "none",
} as const satisfies Record<ExportAction, ExportGuard>;

/** The condition and the effect of an action on an export job's status. */
type ExportTransition = {
  readonly from: readonly ExportStatus[];
  readonly to: ExportStatus;
  readonly guard: ExportGuard;
};

/** The only status that `action` sets, and what the row must satisfy first. Derived from {@link exportLifecycle}. */
export function exportTransition(action: ExportAction): ExportTransition {
  const [to, ...others] = exportLifecycle.targetsOf(action);
  if (to === undefined || others.length > 0)
    throw new Error(`export action ${action} must lead to exactly one status`);
  return { from: exportLifecycle.statesAllowing(action), to, guard: GUARDS[action] };
}

/** The states in which a job still has work to do. */
export const UNFINISHED_EXPORT_STATUSES = exportLifecycle.statesAllowing("claim");
