/** The permissions that screens and controls ask for (docs/api.md §1). */
export type Permission =
  | `${"context" | "export-job" | "exception" | "dispute" | "webhook"}:${"read" | "write"}`
  | "record:write"
  | "event:read";
