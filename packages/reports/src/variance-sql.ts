import { ofSource, within, type Filters, type ReportSql } from "./query-types.ts";

const sums = (is: Filters): string => `(
      SELECT f.tenant_id, f.source_id, f.currency, f.fee_schedule_id, f.fee_schedule_name,
        sum(f.expected) AS expected, sum(f.actual) AS actual, count(*) AS items
      FROM fee_variances f
        JOIN transactions t ON t.tenant_id = f.tenant_id AND t.id = f.transaction_id
      WHERE ${[
        `f.context_id = ${is.contextId}`,
        within("t.date", is),
        ...ofSource("t.source_id", is),
      ].join(" AND ")}
      GROUP BY f.tenant_id, f.source_id, f.currency, f.fee_schedule_id, f.fee_schedule_name
    ) v`;

/** Contract §3, VARIANCE. A fee's day is its transaction's. */
export const varianceSql: ReportSql<"VARIANCE"> = {
  values: {
    source_id: "v.source_id",
    currency: "v.currency",
    fee_schedule_id: "v.fee_schedule_id",
    fee_schedule_name: "v.fee_schedule_name",
    total_expected: "v.expected",
    total_actual: "v.actual",
    net_variance: "(v.actual - v.expected)",
    // A quotient gets its dividend's decimals: 30, so that rounding it to two later is rounding once for all purposes.
    variance_pct: "(round((v.actual - v.expected) * 100, 30) / nullif(v.expected, 0))",
    item_count: "v.items",
    source_name: "s.name",
  },
  driver: (is) => `fee_variances f WHERE f.context_id = ${is.contextId}`,
  from: sums,
  lookups: "LEFT JOIN sources s ON s.tenant_id = v.tenant_id AND s.id = v.source_id",
  where: () => [],
  // By code point: the same order whatever the database's collation is.
  orderBy: `s.name COLLATE "C", v.currency COLLATE "C", v.fee_schedule_name COLLATE "C",
    v.source_id, v.fee_schedule_id COLLATE "C"`,
};
