import { fromSource, inRange, type Filters, type Report } from "../report.ts";

const transactions = (filters: Filters): readonly string[] => [
  `t.context_id = ${filters.contextId}`,
  inRange("t.date", filters),
  ...fromSource("t.source_id", filters),
];

/** One row per transaction in a CONFIRMED match group (docs/api.md §3). */
export const matched: Report = {
  columns: [
    { name: "transaction_id", kind: "uuid", sql: "t.id" },
    { name: "match_group_id", kind: "uuid", sql: "i.match_group_id" },
    { name: "source_id", kind: "uuid", sql: "t.source_id" },
    // The amount allocated to the group, not the transaction's whole amount.
    { name: "amount", kind: "decimal", sql: "i.amount" },
    { name: "currency", kind: "enum", sql: "t.currency" },
    { name: "date", kind: "timestamp", sql: "t.date" },
    { name: "external_id", kind: "text", sql: "t.external_id" },
    { name: "source_name", kind: "text", sql: "t.source_id", lookup: "source-name" },
    { name: "description", kind: "text", sql: "t.description", nullable: true },
    { name: "match_rule", kind: "text", sql: "g.rule", nullable: true },
    { name: "confidence", kind: "decimal", sql: "g.confidence", nullable: true },
  ],
  driver: (filters) => `transactions t WHERE ${transactions(filters).join(" AND ")}`,
  from: () => `transactions t
    JOIN match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
    JOIN match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id`,
  lookups: "",
  // The transaction and its group are in the same context. Stating it for both lets the planner start from either table.
  where: (filters) => [
    ...transactions(filters),
    `g.context_id = ${filters.contextId}`,
    "g.status = 'CONFIRMED'",
  ],
  orderBy: "t.date, t.id, i.match_group_id",
  // Nearly all groups are CONFIRMED, so excluding the items of the other groups takes a third less time than looking up
  // the group of each item. The foreign key guarantees that every item has a group, so the result is the same.
  count: (filters) => `transactions t
    JOIN match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
    WHERE ${transactions(filters).join(" AND ")} AND NOT EXISTS (
      SELECT FROM match_groups g
      WHERE g.tenant_id = i.tenant_id AND g.id = i.match_group_id
        AND g.context_id = ${filters.contextId} AND g.status <> 'CONFIRMED')`,
};
