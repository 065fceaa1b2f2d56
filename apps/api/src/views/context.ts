import type { ContextCounts, ContextRow } from "../services/contexts.ts";

/** A context as callers see it (contract §5); with its counts when it is asked for by id. */
export function contextView(
  row: ContextRow,
  counts?: ContextCounts,
): {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly counts?: ContextCounts;
} {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    ...(counts !== undefined && { counts }),
  };
}
