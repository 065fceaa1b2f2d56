import {
  DISPUTE_STATES,
  EXCEPTION_SEVERITIES,
  EXCEPTION_STATUSES,
  TRANSACTION_STATUSES,
} from "@docket/domain";
import {
  amountSchema,
  choiceSchema,
  component,
  idSchema,
  instantSchema,
  listSchema,
  objectSchema,
  textSchema,
} from "../openapi/json-schema.ts";
import type { ExceptionRow } from "./service.ts";
import { compact } from "../http/compact.ts";

/** An exception in a response (docs/api.md §5). Its disputes are listed oldest first. */
export function exceptionView(row: ExceptionRow): object {
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
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    transaction: compact(row.transaction),
    disputes: row.disputes,
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
    disputes: listSchema(objectSchema({ id: idSchema, state: choiceSchema(DISPUTE_STATES) })),
  },
  {
    reason: textSchema,
    assignedTo: textSchema,
    dueAt: instantSchema,
    resolutionType: textSchema,
    resolutionNotes: textSchema,
  },
);
