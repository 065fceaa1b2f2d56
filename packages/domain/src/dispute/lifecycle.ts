import { defineLifecycle } from "../lifecycle.ts";

/** The actions on a dispute. The names are those in `allowedActions`. */
export type DisputeAction =
  | "update"
  | "open"
  | "request-evidence"
  | "add-evidence"
  | "close"
  | "reopen";

export type DisputeState = "DRAFT" | "OPEN" | "PENDING_EVIDENCE" | "WON" | "LOST";

/** The states of docs/api.md §4. Lists sort by the order of this table. */
export const disputeLifecycle = defineLifecycle<DisputeState, DisputeAction>({
  DRAFT: { update: ["DRAFT"], open: ["OPEN"] },
  OPEN: {
    "request-evidence": ["PENDING_EVIDENCE"],
    "add-evidence": ["OPEN"],
    close: ["WON", "LOST"],
  },
  PENDING_EVIDENCE: { "add-evidence": ["OPEN"], close: ["WON", "LOST"] },
  WON: {},
  LOST: { reopen: ["OPEN"] },
});

export const DISPUTE_STATES: readonly DisputeState[] = disputeLifecycle.states;
