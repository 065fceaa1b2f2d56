import { ofSource, within, type Filters, type ReportSql } from "./query-types.ts";

const transactions = (is: Filters): readonly string[] => [
  `t.context_id = ${is.contextId}`,
  within("t.date", is),
  // Word for word the condition of the partial index transactions_not_matched.
  "t.status <> 'MATCHED'",
  ...ofSource("t.source_id", is),
];

/** Contract §3, UNMATCHED. */
export const unmatchedSql: ReportSql<"UNMATCHED"> = {
  values: {
    transaction_id: "t.id",
    source_id: "t.source_id",
    amount: "t.amount",
    currency: "t.currency",
    status: "t.status",
    date: "t.date",
    exception_id: "e.id",
    due_at: "e.due_at",
    external_id: "t.external_id",
    source_name: "s.name",
    description: "t.description",
  },
  driver: (is) => `transactions t WHERE ${transactions(is).join(" AND ")}`,
  from: () => "transactions t",
  // A transaction has at most one exception.
  lookups: `LEFT JOIN exceptions e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id
    LEFT JOIN sources s ON s.tenant_id = t.tenant_id AND s.id = t.source_id`,
  where: transactions,
  orderBy: "t.date, t.id",
};
