import { lifecycle } from "../lifecycle.ts";

/** What can happen to an export job. `hand-back` is a return to the queue at no attempt's cost. */
export type ExportAction =
  | "claim"
  | "succeed"
  | "retry"
  | "hand-back"
  | "fail"
  | "cancel"
  | "expire";

export type ExportStatus = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "EXPIRED" | "CANCELED";

/** Contract §2: `QUEUED → RUNNING → SUCCEEDED → EXPIRED`; FAILED, CANCELED and EXPIRED are final. */
export const exportLifecycle = lifecycle<ExportStatus, ExportAction>({
  QUEUED: { claim: ["RUNNING"], cancel: ["CANCELED"], fail: ["FAILED"] },
  RUNNING: {
    // A worker may claim a RUNNING job whose lease ran out: its holder is gone.
    claim: ["RUNNING"],
    succeed: ["SUCCEEDED"],
    retry: ["QUEUED"],
    "hand-back": ["QUEUED"],
    fail: ["FAILED"],
    cancel: ["CANCELED"],
  },
  SUCCEEDED: { expire: ["EXPIRED"] },
  FAILED: {},
  // Canceling again answers the same and changes nothing.
  CANCELED: { cancel: ["CANCELED"] },
  EXPIRED: {},
});
