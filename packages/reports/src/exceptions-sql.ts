import { ofSource, within, type Filters, type ReportSql } from "./query-types.ts";

const exceptions = (is: Filters): readonly string[] => [
  `e.context_id = ${is.contextId}`,
  within("e.created_at", is),
];

/** Contract §3, EXCEPTIONS. */
export const exceptionsSql: ReportSql<"EXCEPTIONS"> = {
  values: {
    exception_id: "e.id",
    transaction_id: "e.transaction_id",
    source_id: "t.source_id",
    external_id: "t.external_id",
    amount: "t.amount",
    currency: "t.currency",
    date: "t.date",
    severity: "e.severity",
    status: "e.status",
    reason: "e.reason",
    assigned_to: "e.assigned_to",
    due_at: "e.due_at",
    resolution_type: "e.resolution_type",
    resolution_notes: "e.resolution_notes",
    created_at: "e.created_at",
    updated_at: "e.updated_at",
    dispute_id: "d.id",
    dispute_state: "d.state",
  },
  driver: (is) => `exceptions e WHERE ${exceptions(is).join(" AND ")}`,
  // A foreign key says that the transaction is there. LEFT, so that a count without a source need not look it up.
  from: () => `exceptions e
    LEFT JOIN transactions t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id`,
  lookups: `LEFT JOIN LATERAL (
      SELECT latest.id, latest.state
      FROM disputes latest
      WHERE latest.tenant_id = e.tenant_id AND latest.exception_id = e.id
      ORDER BY latest.created_at DESC, latest.id DESC
      LIMIT 1
    ) d ON true`,
  where: (is) => [...exceptions(is), ...ofSource("t.source_id", is)],
  orderBy: "e.created_at, e.id",
};
