import type { DisputeState } from "./lifecycle.ts";
import type { CloseDisputeRequest, UpdateDisputeRequest } from "./requests.ts";

/** An action on a dispute, with its input. */
export type DisputeCommand =
  | ({ readonly action: "update" } & UpdateDisputeRequest)
  | { readonly action: "open" }
  | { readonly action: "request-evidence"; readonly note: string }
  | { readonly action: "add-evidence"; readonly evidenceId: string }
  | { readonly action: "add-note"; readonly note: string }
  | ({ readonly action: "close" } & CloseDisputeRequest)
  | { readonly action: "reopen"; readonly reason: string };

/** Who acts, and when. The domain has no clock, so callers choose the type of an instant. */
export type ActionMeta<Instant> = { readonly actor: string; readonly at: Instant };

/** The fields that an update may set. Amounts are decimal strings, instants RFC 3339 in UTC with milliseconds. */
export type Updatable = {
  readonly category: string;
  readonly description: string;
  readonly disputedAmount: string;
  readonly respondBy: string | null;
  readonly assignedTo: string | null;
  readonly reference: string | null;
};

/** The fields of a dispute that decide what a command does. */
export type CurrentDispute = Updatable & {
  readonly state: DisputeState;
  readonly version: number;
};

/** The fields that a command sets. Absent fields keep their values. */
export type DisputeChanges<Instant> = Partial<Updatable> & {
  readonly state: DisputeState;
  readonly version: number;
  readonly updatedAt: Instant;
  readonly openedBy?: string;
  readonly openedAt?: Instant;
  readonly resolution?: string | null;
  readonly recoveredAmount?: string;
  readonly closedBy?: string | null;
  readonly closedAt?: Instant | null;
  readonly reopenReason?: string;
};
