import {
  DISPUTE_ACTIONS,
  DISPUTE_CATEGORIES,
  DISPUTE_EVENT_TYPES,
  DISPUTE_STATES,
  disputeLifecycle,
  MAX_EVIDENCE_ITEMS,
  type DisputeState,
} from "@docket/domain";
import { evidenceSchema, evidenceView } from "../evidence/view.ts";
import { compact } from "../http/compact.ts";
import {
  choiceSchema,
  component,
  countSchema,
  idSchema,
  instantSchema,
  listSchema,
  textSchema,
} from "../openapi/json-schema.ts";
import { pageSchema } from "../lists/pagination.ts";
import type { DisputeEventRow } from "./history.ts";
import type { FullDispute } from "./service.ts";

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A dispute in a response (docs/api.md §4). */
export function disputeView({ row, evidence }: FullDispute): object {
  return compact({
    id: row.id,
    exceptionId: row.exceptionId,
    contextId: row.contextId,
    category: row.category,
    state: row.state,
    description: row.description,
    openedBy: row.openedBy,
    openedAt: instant(row.openedAt),
    resolution: row.resolution,
    closedBy: row.closedBy,
    closedAt: instant(row.closedAt),
    reopenReason: row.reopenReason,
    evidence: evidence.map(evidenceView),
    allowedActions: disputeLifecycle.allowed(row.state as DisputeState),
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
    openedBy: textSchema,
    evidence: { ...listSchema(evidenceSchema), maxItems: MAX_EVIDENCE_ITEMS },
    allowedActions: listSchema(choiceSchema(DISPUTE_ACTIONS)),
    version: countSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  },
  {
    openedAt: instantSchema,
    resolution: textSchema,
    closedBy: textSchema,
    closedAt: instantSchema,
    reopenReason: textSchema,
  },
);

const disputeEventSchema = component(
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
