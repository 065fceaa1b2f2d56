/** The permissions of a token (docs/api.md §1). */
export const PERMISSIONS = [
  "export-job:read",
  "export-job:write",
  "dispute:read",
  "dispute:write",
  "context:read",
  "context:write",
  "exception:read",
  "exception:write",
  "record:write",
  "event:read",
  "webhook:read",
  "webhook:write",
] as const;

export type Permission = (typeof PERMISSIONS)[number];
