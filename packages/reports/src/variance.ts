import type { Column } from "./columns.ts";

/** Fee variances summed by source, currency and fee schedule; `variance_pct` is null when nothing was expected (contract §3). */
export const variance = [
  { name: "source_id", kind: "uuid" },
  { name: "currency", kind: "enum" },
  { name: "fee_schedule_id", kind: "text" },
  { name: "fee_schedule_name", kind: "text" },
  { name: "total_expected", kind: "decimal" },
  { name: "total_actual", kind: "decimal" },
  { name: "net_variance", kind: "decimal" },
  { name: "variance_pct", kind: "percent", nullable: true },
  { name: "item_count", kind: "integer" },
  { name: "source_name", kind: "text" },
] as const satisfies readonly Column[];
