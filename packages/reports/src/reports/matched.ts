import { fromSource, inRange, ORDERED_MERGE, type Filters, type Report } from "../report.ts";

const transactions = (filters: Filters): readonly string[] => [
  `t.context_id = ${filters.contextId}`,
  inRange("t.date", filters),
  ...fromSource("t.source_id", filters),
];

/**
 * The same rows from the tables that `matched_items` is derived from, until the data migration that fills it has finished.
 * To be removed one release later.
 */
const beforeMigration: Report = {
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
  lookups: () => "",
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

const items = (filters: Filters): readonly string[] => [
  `m.context_id = ${filters.contextId}`,
  inRange("m.date", filters),
  ...fromSource("m.source_id", filters),
];

/**
 * One row per transaction in a CONFIRMED match group (docs/api.md §3).
 *
 * Both tables have an index in the order of the report, so the rows are a merge of two index scans. The index of matched_items holds all
 * of its columns.
 */
export const matched: Report = {
  columns: [
    { name: "transaction_id", kind: "uuid", sql: "m.transaction_id" },
    { name: "match_group_id", kind: "uuid", sql: "m.match_group_id" },
    { name: "source_id", kind: "uuid", sql: "m.source_id" },
    // The amount allocated to the group, not the transaction's whole amount.
    { name: "amount", kind: "decimal", sql: "m.amount" },
    { name: "currency", kind: "enum", sql: "t.currency" },
    { name: "date", kind: "timestamp", sql: "m.date" },
    { name: "external_id", kind: "text", sql: "t.external_id" },
    { name: "source_name", kind: "text", sql: "m.source_id", lookup: "source-name" },
    { name: "description", kind: "text", sql: "t.description", nullable: true },
    { name: "match_rule", kind: "text", sql: "m.rule", nullable: true },
    { name: "confidence", kind: "decimal", sql: "m.confidence", nullable: true },
  ],
  driver: (filters) => `matched_items m WHERE ${items(filters).join(" AND ")}`,
  from: () => `matched_items m
    JOIN transactions t ON t.tenant_id = m.tenant_id AND t.context_id = m.context_id AND t.date = m.date AND t.id = m.transaction_id`,
  lookups: () => "",
  // Stated for both tables, so that each scan begins and ends with the range.
  where: (filters) => [
    ...items(filters),
    `t.context_id = ${filters.contextId}`,
    inRange("t.date", filters),
  ],
  orderBy: "m.date, m.transaction_id, m.match_group_id",
  count: (filters) => `matched_items m WHERE ${items(filters).join(" AND ")}`,
  planner: ORDERED_MERGE,
  migration: { name: "matched-items", before: beforeMigration },
  counters: { where: "name = 'matched-items'", migration: "matched-item-counters" },
};
