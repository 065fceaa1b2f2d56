import type { Column } from "./columns.ts";

/** Transactions whose status is not MATCHED, with their exception if there is one (contract §3). */
export const unmatched = [
  { name: "transaction_id", kind: "uuid" },
  { name: "source_id", kind: "uuid" },
  { name: "amount", kind: "decimal" },
  { name: "currency", kind: "enum" },
  { name: "status", kind: "enum" },
  { name: "date", kind: "timestamp" },
  { name: "exception_id", kind: "uuid", nullable: true },
  { name: "due_at", kind: "timestamp", nullable: true },
  { name: "external_id", kind: "text" },
  { name: "source_name", kind: "text" },
  { name: "description", kind: "text", nullable: true },
] as const satisfies readonly Column[];
