/** The families of types that an endpoint can subscribe to (docs/api.md §9). */
export const FAMILIES = [
  { value: "export-job.*", label: "Exports" },
  { value: "dispute.*", label: "Disputes" },
  { value: "exception.*", label: "Exceptions" },
  { value: "records.*", label: "Loaded records" },
  { value: "context.*", label: "Reconciliations" },
  { value: "source.*", label: "Sources" },
  { value: "webhook-endpoint.*", label: "Webhook endpoints" },
] as const;
