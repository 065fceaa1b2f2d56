import { compact } from "../compact.ts";
import { checklistOf } from "./checklist.ts";
import { allowedDisputeActions, AWAITING_STATES, type DisputeState } from "./lifecycle.ts";
import type { DisputeCategory } from "./requests.ts";

type Amount = { readonly toFixed: () => string };

/** The columns of a dispute that clients see. */
export type DisputeColumns = {
  readonly id: string;
  readonly exceptionId: string;
  readonly contextId: string;
  readonly category: string;
  readonly state: string;
  readonly description: string;
  readonly disputedAmount: Amount | null;
  readonly currency: string | null;
  readonly respondBy: Date | null;
  readonly assignedTo: string | null;
  readonly reference: string | null;
  readonly openedBy: string;
  readonly openedAt: Date | null;
  readonly resolution: string | null;
  readonly recoveredAmount: Amount | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  readonly reopenReason: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** How a view shows the evidence of a dispute: a response has all of it, an event only counts it. */
type EvidenceView =
  | { readonly evidence: readonly object[] }
  | { readonly evidenceCount: number; readonly evidenceId?: string | undefined };

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The API path of a dispute, which is also the subject of its events. */
export const disputePath = (id: string): string => `/v1/disputes/${id}`;

/** `respondBy` has passed while the dispute waits for a response. */
export const isDisputeOverdue = (
  { state, respondBy }: Pick<DisputeColumns, "state" | "respondBy">,
  now: Date,
): boolean =>
  respondBy !== null && respondBy < now && AWAITING_STATES.includes(state as DisputeState);

/**
 * A dispute without `overdue`, the field that depends on the time: equal for equal versions (docs/api.md §4, §8).
 *
 * @param kinds those of its evidence.
 */
export function disputeVersionView(
  row: DisputeColumns,
  kinds: ReadonlySet<string>,
  evidence: EvidenceView,
): object {
  return compact({
    id: row.id,
    exceptionId: row.exceptionId,
    contextId: row.contextId,
    category: row.category,
    state: row.state,
    description: row.description,
    disputedAmount: row.disputedAmount?.toFixed() ?? null,
    currency: row.currency,
    respondBy: instant(row.respondBy),
    assignedTo: row.assignedTo,
    reference: row.reference,
    openedBy: row.openedBy,
    openedAt: instant(row.openedAt),
    resolution: row.resolution,
    recoveredAmount: row.recoveredAmount?.toFixed() ?? null,
    closedBy: row.closedBy,
    closedAt: instant(row.closedAt),
    reopenReason: row.reopenReason,
    ...evidence,
    checklist: checklistOf(row.category as DisputeCategory, kinds),
    allowedActions: allowedDisputeActions(row.state as DisputeState),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}

/**
 * A dispute in an event (docs/api.md §9).
 *
 * @param kinds the kind of each piece of evidence.
 * @param evidenceId that of the evidence which the event is about.
 */
export const disputeEventData = (
  row: DisputeColumns,
  kinds: readonly string[],
  now: Date,
  evidenceId?: string,
): object => ({
  ...disputeVersionView(row, new Set(kinds), { evidenceCount: kinds.length, evidenceId }),
  overdue: isDisputeOverdue(row, now),
});
