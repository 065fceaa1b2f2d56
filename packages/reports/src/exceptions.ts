import type { Column } from "./columns.ts";

/** The context's exceptions, with their latest dispute if there is one (contract §3). */
export const exceptions = [
  { name: "exception_id", kind: "uuid" },
  { name: "transaction_id", kind: "uuid" },
  { name: "source_id", kind: "uuid" },
  { name: "external_id", kind: "text" },
  { name: "amount", kind: "decimal" },
  { name: "currency", kind: "enum" },
  { name: "date", kind: "timestamp" },
  { name: "severity", kind: "enum" },
  { name: "status", kind: "enum" },
  { name: "reason", kind: "text", nullable: true },
  { name: "assigned_to", kind: "text", nullable: true },
  { name: "due_at", kind: "timestamp", nullable: true },
  { name: "resolution_type", kind: "text", nullable: true },
  { name: "resolution_notes", kind: "text", nullable: true },
  { name: "created_at", kind: "timestamp" },
  { name: "updated_at", kind: "timestamp" },
  { name: "dispute_id", kind: "uuid", nullable: true },
  { name: "dispute_state", kind: "enum", nullable: true },
] as const satisfies readonly Column[];
