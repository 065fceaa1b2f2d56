import { defineLifecycle } from "../lifecycle.ts";

/**
 * The actions on a dispute. Those that `allowedActions` lists are `DISPUTE_ACTIONS`; `update` changes the texts of a draft,
 * `update-details` the amount, the deadline, the assignee and the reference.
 */
export type DisputeAction =
  | "update"
  | "update-details"
  | "open"
  | "request-evidence"
  | "add-evidence"
  | "add-note"
  | "close"
  | "reopen";

export type DisputeState = "DRAFT" | "OPEN" | "PENDING_EVIDENCE" | "WON" | "LOST";

/** The states of docs/api.md §4. Lists sort by the order of this table. */
export const disputeLifecycle = defineLifecycle<DisputeState, DisputeAction>({
  DRAFT: {
    update: ["DRAFT"],
    "update-details": ["DRAFT"],
    open: ["OPEN"],
    "add-note": ["DRAFT"],
  },
  OPEN: {
    "update-details": ["OPEN"],
    "request-evidence": ["PENDING_EVIDENCE"],
    "add-evidence": ["OPEN"],
    "add-note": ["OPEN"],
    close: ["WON", "LOST"],
  },
  PENDING_EVIDENCE: {
    "update-details": ["PENDING_EVIDENCE"],
    "add-evidence": ["OPEN"],
    "add-note": ["PENDING_EVIDENCE"],
    close: ["WON", "LOST"],
  },
  WON: { "add-note": ["WON"] },
  LOST: { "add-note": ["LOST"], reopen: ["OPEN"] },
});

export const DISPUTE_STATES: readonly DisputeState[] = disputeLifecycle.states;

/** The states in which a dispute waits for a response by its `respondBy`. */
export const AWAITING_STATES: readonly DisputeState[] = ["OPEN", "PENDING_EVIDENCE"];

/** The actions that `allowedActions` lists, in its order. */
export const DISPUTE_ACTIONS = [
  "update",
  "open",
  "request-evidence",
  "add-evidence",
  "close",
  "reopen",
] as const satisfies readonly DisputeAction[];

/** `allowedActions` of a dispute in `state`. */
export const allowedDisputeActions = (state: DisputeState): readonly DisputeAction[] =>
  DISPUTE_ACTIONS.filter((action) => disputeLifecycle.next(state, action).length > 0);
