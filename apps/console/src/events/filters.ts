import { choices, text, type Codec } from "../app/query-string.ts";
import { FAMILIES } from "../live/families.ts";
import type { Filter } from "../ui/active-filters.ts";

const FEED_FAMILIES = [...FAMILIES, { value: "webhook.*", label: "Webhook tests" }] as const;

/** The number of an event. */
const seq: Codec<number> = {
  parse: ([value = ""]) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined),
  format: (value) => [String(value)],
};

/** What the URL of the feed holds. */
export const EVENT_FILTERS = {
  type: choices(FEED_FAMILIES.map(({ value }) => value)),
  /** The path of a resource. */
  subject: text,
  /** Shows this event and older ones. Absent: the newest. */
  before: seq,
};

export const FILTER_BAR: readonly Filter[] = [
  { name: "type", label: "About", options: FEED_FAMILIES },
];
