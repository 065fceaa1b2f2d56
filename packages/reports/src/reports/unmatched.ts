import { fromSource, inRange, type Filters, type Report } from "../report.ts";

const transactions = (filters: Filters): readonly string[] => [
  `t.context_id = ${filters.contextId}`,
  inRange("t.date", filters),
  // Must be the exact condition of the partial index transactions_not_matched.
  "t.status <> 'MATCHED'",
  ...fromSource("t.source_id", filters),
];

/** Transactions whose status is not MATCHED, each with its exception, if any (docs/api.md §3). */
export const unmatched: Report = {
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
