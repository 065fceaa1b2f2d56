import { choices, text, type Codec } from "../app/query-string.ts";
import type { Filter } from "../ui/filter-bar.tsx";

const FAMILIES = [
  { value: "export-job.*", label: "Exports" },
  { value: "dispute.*", label: "Disputes" },
  { value: "exception.*", label: "Exceptions" },
  { value: "records.*", label: "Loaded records" },
  { value: "context.*", label: "Contexts" },
  { value: "source.*", label: "Sources" },
  { value: "webhook-endpoint.*", label: "Webhook endpoints" },
  { value: "webhook.*", label: "Webhook tests" },
] as const;

/** The number of an event. */
const seq: Codec<number> = {
  parse: ([value = ""]) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined),
  format: (value) => [String(value)],
};

/** What the URL of the feed holds. */
export const EVENT_FILTERS = {
  type: choices(FAMILIES.map(({ value }) => value)),
  /** The path of a resource. */
  subject: text,
  /** Shows this event and older ones. Absent: the newest. */
  before: seq,
};

export const FILTER_BAR: readonly Filter[] = [{ name: "type", label: "About", options: FAMILIES }];
