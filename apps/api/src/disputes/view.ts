import {
  allowedDisputeActions,
  AWAITING_STATES,
  CHECKLIST_LEVELS,
  checklistOf,
  DISPUTE_ACTIONS,
  DISPUTE_CATEGORIES,
  DISPUTE_EVENT_TYPES,
  DISPUTE_STATES,
  EVIDENCE_KINDS,
  MAX_EVIDENCE_ITEMS,
  type DisputeCategory,
  type DisputeState,
} from "@docket/domain";
import { evidenceSchema, evidenceView } from "../evidence/view.ts";
import { compact } from "../http/compact.ts";
import {
  amountSchema,
  choiceSchema,
  component,
  countSchema,
  idSchema,
  instantSchema,
  listSchema,
  objectSchema,
  textSchema,
} from "../openapi/json-schema.ts";
import { pageSchema } from "../lists/pagination.ts";
import type { DisputeEventRow, DisputeRow, FullDispute } from "./service.ts";

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** `respondBy` has passed while the dispute waits for a response. */
const isOverdue = ({ state, respondBy }: DisputeRow, now: Date): boolean =>
  respondBy !== null && respondBy < now && AWAITING_STATES.includes(state as DisputeState);

/** A dispute in a response (docs/api.md §4, §8). */
export const disputeView = (dispute: FullDispute, now: Date): object => ({
  ...versionView(dispute),
  overdue: isOverdue(dispute.row, now),
});

/** The part of {@link disputeView} that does not depend on the time: equal for equal versions. */
export function versionView({ row, evidence }: FullDispute): object {
  const kinds = new Set(evidence.map(({ kind }) => kind));
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
    evidence: evidence.map(evidenceView),
    checklist: checklistOf(row.category as DisputeCategory, kinds),
    allowedActions: allowedDisputeActions(row.state as DisputeState),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}

/** An event of a dispute's history in a response. */
export function disputeEventView(row: DisputeEventRow): object {
  return compact({
    id: row.id,
    type: row.type,
    from: row.from,
    to: row.to,
    actor: row.actor,
    at: row.at.toISOString(),
    note: row.note,
    evidenceId: row.evidenceId,
  });
}

export const disputeSchema = component(
  "Dispute",
  {
    id: idSchema,
    exceptionId: idSchema,
    contextId: idSchema,
    category: choiceSchema(DISPUTE_CATEGORIES),
    state: choiceSchema(DISPUTE_STATES),
    description: textSchema,
    disputedAmount: amountSchema,
    currency: textSchema,
    overdue: { type: "boolean" },
    openedBy: textSchema,
    evidence: { ...listSchema(evidenceSchema), maxItems: MAX_EVIDENCE_ITEMS },
    checklist: listSchema(
      objectSchema({
        kind: choiceSchema(EVIDENCE_KINDS),
        level: choiceSchema(CHECKLIST_LEVELS),
        satisfied: { type: "boolean" },
      }),
    ),
    allowedActions: listSchema(choiceSchema(DISPUTE_ACTIONS)),
    version: countSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  },
  {
    respondBy: instantSchema,
    assignedTo: textSchema,
    reference: textSchema,
    recoveredAmount: amountSchema,
    openedAt: instantSchema,
    resolution: textSchema,
    closedBy: textSchema,
    closedAt: instantSchema,
    reopenReason: textSchema,
  },
);

export const disputeEventSchema = component(
  "DisputeEvent",
  {
    id: idSchema,
    type: choiceSchema(DISPUTE_EVENT_TYPES),
    actor: textSchema,
    at: instantSchema,
  },
  {
    from: choiceSchema(DISPUTE_STATES),
    to: choiceSchema(DISPUTE_STATES),
    note: textSchema,
    evidenceId: idSchema,
  },
);

export const disputeHistorySchema = pageSchema("DisputeHistory", disputeEventSchema);
