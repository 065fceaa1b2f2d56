import { fromSource, inRange, type Filters, type Report } from "../report.ts";

/** The range and the source are those of the fee's transaction. */
const sums = (filters: Filters): string => `(
      SELECT f.tenant_id, f.source_id, f.currency, f.fee_schedule_id, f.fee_schedule_name,
        sum(f.expected) AS expected, sum(f.actual) AS actual, count(*) AS items
      FROM fee_variances f
        JOIN transactions t ON t.tenant_id = f.tenant_id AND t.id = f.transaction_id
      WHERE ${[
        `f.context_id = ${filters.contextId}`,
        `t.context_id = ${filters.contextId}`,
        inRange("t.date", filters),
        ...fromSource("t.source_id", filters),
      ].join(" AND ")}
      GROUP BY f.tenant_id, f.source_id, f.currency, f.fee_schedule_id, f.fee_schedule_name
    ) v`;

// The quotient has as many decimals as the dividend. With 30, rounding it to two decimals later gives the same result
// as rounding the exact quotient.
const VARIANCE_PCT = "(round((v.actual - v.expected) * 100, 30) / nullif(v.expected, 0))";

/** Fee variances summed by source, currency and fee schedule (docs/api.md §3). */
export const variance: Report = {
  columns: [
    { name: "source_id", kind: "uuid", sql: "v.source_id" },
    { name: "currency", kind: "enum", sql: "v.currency" },
    { name: "fee_schedule_id", kind: "text", sql: "v.fee_schedule_id" },
    { name: "fee_schedule_name", kind: "text", sql: "v.fee_schedule_name" },
    { name: "total_expected", kind: "decimal", sql: "v.expected" },
    { name: "total_actual", kind: "decimal", sql: "v.actual" },
    { name: "net_variance", kind: "decimal", sql: "(v.actual - v.expected)" },
    { name: "variance_pct", kind: "percent", sql: VARIANCE_PCT, nullable: true },
    { name: "item_count", kind: "integer", sql: "v.items" },
    { name: "source_name", kind: "text", sql: "s.name" },
  ],
  driver: (filters) => `fee_variances f WHERE f.context_id = ${filters.contextId}`,
  from: sums,
  lookups: () => "LEFT JOIN sources s ON s.tenant_id = v.tenant_id AND s.id = v.source_id",
  where: () => [],
  isGrouped: true,
  // COLLATE "C" gives the same order under every database collation.
  orderBy: `s.name COLLATE "C", v.currency COLLATE "C", v.fee_schedule_name COLLATE "C",
    v.source_id, v.fee_schedule_id COLLATE "C"`,
};
