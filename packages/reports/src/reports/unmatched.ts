import { fromSource, inRange, ORDERED_MERGE, type Filters, type Report } from "../report.ts";

const transactions = (filters: Filters): readonly string[] => [
  `t.context_id = ${filters.contextId}`,
  inRange("t.date", filters),
  // Must be the exact condition of the partial index transactions_not_matched.
  "t.status <> 'MATCHED'",
  ...fromSource("t.source_id", filters),
];

/** Until the data migration that fills `exceptions.date` has finished. To be removed one release later. */
const beforeMigration: Report = {
  columns: [
    { name: "transaction_id", kind: "uuid", sql: "t.id" },
    { name: "source_id", kind: "uuid", sql: "t.source_id" },
    { name: "amount", kind: "decimal", sql: "t.amount" },
    { name: "currency", kind: "enum", sql: "t.currency" },
    { name: "status", kind: "enum", sql: "t.status" },
    { name: "date", kind: "timestamp", sql: "t.date" },
    { name: "exception_id", kind: "uuid", sql: "e.id", nullable: true },
    { name: "due_at", kind: "timestamp", sql: "e.due_at", nullable: true },
    { name: "external_id", kind: "text", sql: "t.external_id" },
    { name: "source_name", kind: "text", sql: "t.source_id", lookup: "source-name" },
    { name: "description", kind: "text", sql: "t.description", nullable: true },
  ],
  driver: (filters) => `transactions t WHERE ${transactions(filters).join(" AND ")}`,
  from: () => "transactions t",
  // A transaction has at most one exception.
  lookups: ({ contextId }) =>
    `LEFT JOIN exceptions e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id AND e.context_id = ${contextId}`,
  where: transactions,
  orderBy: "t.date, t.id",
};

/**
 * Transactions whose status is not MATCHED, each with its exception, if any (docs/api.md §3).
 *
 * Both tables have an index in the order of the report, so the rows are a merge of two index scans. Each exception has a copy of its
 * transaction's date.
 */
export const unmatched: Report = {
  ...beforeMigration,
  // The range is stated for both tables, so that each scan begins and ends with it.
  lookups: (filters) =>
    `LEFT JOIN exceptions e ON e.tenant_id = t.tenant_id AND e.context_id = ${filters.contextId} AND e.date = t.date
      AND e.transaction_id = t.id AND ${inRange("e.date", filters)}`,
  planner: ORDERED_MERGE,
  migration: { name: "exception-dates", before: beforeMigration },
  counters: { where: "name = 'transactions' AND label <> 'MATCHED'", migration: "counters" },
};
