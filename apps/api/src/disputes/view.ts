import {
  DISPUTE_ACTIONS,
  DISPUTE_CATEGORIES,
  DISPUTE_EVENT_TYPES,
  DISPUTE_STATES,
  disputeLifecycle,
  EVIDENCE_TYPES,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_ITEMS,
  type DisputeState,
} from "@docket/domain";
import {
  choiceSchema,
  component,
  countSchema,
  idSchema,
  instantSchema,
  listSchema,
  objectSchema,
  sha256Schema,
  textSchema,
} from "../openapi/json-schema.ts";
import { evidencePath, fileOf } from "../evidence/service.ts";
import type { DisputeEventRow, EvidenceRow, FullDispute } from "./service.ts";
import { compact } from "../http/compact.ts";

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A dispute as callers see it (contract §4). */
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

/** Evidence as callers see it; the `fileUrl` of an uploaded file is the path of its download. */
function evidenceView(row: EvidenceRow): object {
  const file = fileOf(row);
  return compact({
    id: row.id,
    disputeId: row.disputeId,
    comment: row.comment,
    submittedBy: row.submittedBy,
    submittedAt: row.submittedAt.toISOString(),
    fileUrl: file === undefined ? row.fileUrl : `${evidencePath(row.disputeId, row.id)}/download`,
    file:
      file === undefined
        ? null
        : {
            fileName: file.fileName,
            contentType: file.contentType,
            sizeBytes: file.sizeBytes,
            sha256: file.sha256,
          },
  });
}

/** An event of a dispute's history as callers see it. */
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

const evidenceSchema = component(
  "Evidence",
  {
    id: idSchema,
    disputeId: idSchema,
    comment: textSchema,
    submittedBy: textSchema,
    submittedAt: instantSchema,
    fileUrl: {
      type: "string",
      format: "uri-reference",
      description: "The URL that was given; for an uploaded file, the path of its download.",
    },
  },
  {
    file: objectSchema({
      fileName: textSchema,
      contentType: choiceSchema(Object.keys(EVIDENCE_TYPES)),
      sizeBytes: { type: "integer", minimum: 1, maximum: MAX_EVIDENCE_BYTES },
      sha256: sha256Schema,
    }),
  },
);

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

export const disputeHistorySchema = component("DisputeHistory", {
  items: listSchema(disputeEventSchema),
});
