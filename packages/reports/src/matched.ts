import type { Column } from "./columns.ts";

/** One row per transaction in a CONFIRMED match group; `amount` is the part allocated to the group (contract §3). */
export const matched = [
  { name: "transaction_id", kind: "uuid" },
  { name: "match_group_id", kind: "uuid" },
  { name: "source_id", kind: "uuid" },
  { name: "amount", kind: "decimal" },
  { name: "currency", kind: "enum" },
  { name: "date", kind: "timestamp" },
  { name: "external_id", kind: "text" },
  { name: "source_name", kind: "text" },
  { name: "description", kind: "text", nullable: true },
  { name: "match_rule", kind: "text", nullable: true },
  { name: "confidence", kind: "decimal", nullable: true },
] as const satisfies readonly Column[];
