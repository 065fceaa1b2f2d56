import { defineLifecycle } from "../lifecycle.ts";

/** What can happen to a dispute; the names are those that callers see in `allowedActions`. */
export type DisputeAction =
  | "update"
  | "open"
  | "request-evidence"
  | "add-evidence"
  | "close"
  | "reopen";

export type DisputeState = "DRAFT" | "OPEN" | "PENDING_EVIDENCE" | "WON" | "LOST";

/** Contract §4. WON is final; the order of the states is the order in which lists sort them. */
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

/** In the order of the contract, which is how lists sort them. */
export const DISPUTE_STATES: readonly DisputeState[] = disputeLifecycle.states;
