import {
  CHECKLIST_LEVELS,
  DISPUTE_ACTIONS,
  DISPUTE_CATEGORIES,
  DISPUTE_EVENT_TYPES,
  DISPUTE_STATES,
  disputeVersionView,
  EVIDENCE_KINDS,
  isDisputeOverdue,
  MAX_EVIDENCE_ITEMS,
  compact,
} from "@docket/domain";
import { evidenceSchema, evidenceView } from "../evidence/view.ts";
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
import type { DisputeEventRow, FullDispute } from "./service.ts";

/** A dispute in a response (docs/api.md §4, §8). */
export const disputeView = (dispute: FullDispute, now: Date): object => ({
  ...versionView(dispute),
  overdue: isDisputeOverdue(dispute.row, now),
});

/** The part of {@link disputeView} that does not depend on the time: equal for equal versions. */
export const versionView = ({ row, evidence }: FullDispute): object =>
  disputeVersionView(row, new Set(evidence.map(({ kind }) => kind)), {
    evidence: evidence.map(evidenceView),
  });

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
