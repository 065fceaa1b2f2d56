import { ofSource, within, type Filters, type ReportSql } from "./query-types.ts";

const transactions = (is: Filters): readonly string[] => [
  `t.context_id = ${is.contextId}`,
  within("t.date", is),
  ...ofSource("t.source_id", is),
];

/** Contract §3, MATCHED. */
export const matchedSql: ReportSql<"MATCHED"> = {
  values: {
    transaction_id: "t.id",
    match_group_id: "i.match_group_id",
    source_id: "t.source_id",
    // The part allocated to the group, not the transaction's whole amount.
    amount: "i.amount",
    currency: "t.currency",
    date: "t.date",
    external_id: "t.external_id",
    source_name: "s.name",
    description: "t.description",
    match_rule: "g.rule",
    confidence: "g.confidence",
  },
  driver: (is) => `transactions t WHERE ${transactions(is).join(" AND ")}`,
  from: () => `transactions t
    JOIN match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
    JOIN match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id`,
  // Nearly all groups are CONFIRMED: leaving out the items of the others takes two thirds of the time of looking up each item's
  // group. It is the same: an item's group is there, by its foreign key.
  count: (is) => `transactions t
    JOIN match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
    WHERE ${transactions(is).join(" AND ")} AND NOT EXISTS (
      SELECT FROM match_groups g
      WHERE g.tenant_id = i.tenant_id AND g.id = i.match_group_id AND g.context_id = ${is.contextId} AND g.status <> 'CONFIRMED')`,
  lookups: "LEFT JOIN sources s ON s.tenant_id = t.tenant_id AND s.id = t.source_id",
  // Both contexts are the same one; saying so of both tables lets the planner start from either.
  where: (is) => [...transactions(is), `g.context_id = ${is.contextId}`, "g.status = 'CONFIRMED'"],
  orderBy: "t.date, t.id, i.match_group_id",
};
