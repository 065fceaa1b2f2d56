import type { ExceptionRow } from "../services/exceptions.ts";
import { compact } from "./compact.ts";

/** An exception as callers see it (contract §5), with its transaction and what contests it, oldest first. */
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
