import {
  DISPUTE_STATES,
  ERROR_CODES,
  EXCEPTION_EVENT_TYPES,
  EXCEPTION_HISTORY_FIELDS,
  EXCEPTION_SEVERITIES,
  EXCEPTION_STATUSES,
  MAX_BULK_EXCEPTIONS,
  MAX_EMBEDDED_DISPUTES,
  TRANSACTION_STATUSES,
  compact,
} from "@docket/domain";
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
import type { ExceptionEventRow } from "./history.ts";
import type { ExceptionRow } from "./service.ts";

const DAY_MS = 86_400_000;

/** Whole periods of 24 h; 0 for an exception that the feed has dated in the future. */
const ageDays = ({ createdAt, resolvedAt }: ExceptionRow, now: Date): number =>
  Math.max(0, Math.floor(((resolvedAt ?? now).getTime() - createdAt.getTime()) / DAY_MS));

/** An exception in a response (docs/api.md §5, §8). Its disputes are listed oldest first. */
export function exceptionView(row: ExceptionRow, now: Date): object {
  return compact({
    id: row.id,
    contextId: row.contextId,
    transactionId: row.transactionId,
    severity: row.severity,
    status: row.status,
    reason: row.reason,
    assignedTo: row.assignedTo,
    dueAt: row.dueAt?.toISOString() ?? null,
    resolutionType: row.resolutionType,
    resolutionNotes: row.resolutionNotes,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    ageDays: ageDays(row, now),
    overdue: row.status !== "RESOLVED" && row.dueAt !== null && row.dueAt < now,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    transaction: compact(row.transaction),
    disputes: row.disputes.toReversed(),
  });
}

/** An event of an exception's history in a response. */
export function exceptionEventView(row: ExceptionEventRow): object {
  return compact({
    id: row.id,
    type: row.type,
    actor: row.actor,
    at: row.at.toISOString(),
    changes: row.changes,
    note: row.note,
  });
}

export const exceptionSchema = component(
  "Exception",
  {
    id: idSchema,
    contextId: idSchema,
    transactionId: idSchema,
    severity: choiceSchema(EXCEPTION_SEVERITIES),
    status: choiceSchema(EXCEPTION_STATUSES),
    ageDays: countSchema,
    overdue: { type: "boolean" },
    version: countSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
    transaction: objectSchema(
      {
        id: idSchema,
        sourceId: idSchema,
        sourceName: textSchema,
        externalId: textSchema,
        amount: amountSchema,
        currency: textSchema,
        date: instantSchema,
        status: choiceSchema(TRANSACTION_STATUSES),
      },
      { description: textSchema },
    ),
    disputes: {
      ...listSchema(objectSchema({ id: idSchema, state: choiceSchema(DISPUTE_STATES) })),
      description: `The latest ${MAX_EMBEDDED_DISPUTES}, oldest first. \`GET /v1/disputes\` with \`exceptionId\` lists all.`,
      maxItems: MAX_EMBEDDED_DISPUTES,
    },
  },
  {
    reason: textSchema,
    assignedTo: textSchema,
    dueAt: instantSchema,
    resolutionType: textSchema,
    resolutionNotes: textSchema,
    resolvedAt: instantSchema,
  },
);

export const bulkOutcomesSchema = component("BulkOutcomes", {
  results: {
    ...listSchema(
      objectSchema(
        { exceptionId: idSchema, outcome: choiceSchema(["applied", "unchanged", "refused"]) },
        { code: choiceSchema(ERROR_CODES), detail: textSchema },
      ),
    ),
    maxItems: MAX_BULK_EXCEPTIONS,
  },
});

const exceptionEventSchema = component(
  "ExceptionEvent",
  {
    id: idSchema,
    type: choiceSchema(EXCEPTION_EVENT_TYPES),
    actor: textSchema,
    at: instantSchema,
    changes: listSchema(
      objectSchema(
        { field: choiceSchema(EXCEPTION_HISTORY_FIELDS) },
        { from: textSchema, to: textSchema },
      ),
    ),
  },
  { note: textSchema },
);

export const exceptionHistorySchema = pageSchema("ExceptionHistory", exceptionEventSchema);
