import type { Permission } from "../permissions.ts";

/** The types of events by family, and the permission without which the events of a family are shown without their data. */
const FAMILIES = {
  "export-job": {
    permission: "export-job:read",
    events: [
      "created",
      "started",
      "retried",
      "succeeded",
      "failed",
      "canceled",
      "expired",
      "downloaded",
    ],
  },
  dispute: {
    permission: "dispute:read",
    events: [
      "created",
      "updated",
      "opened",
      "evidence-requested",
      "evidence-added",
      "evidence-downloaded",
      "archived",
      "note-added",
      "won",
      "lost",
      "reopened",
      "due-soon",
      "overdue",
    ],
  },
  exception: { permission: "exception:read", events: ["updated", "resolved", "reopened"] },
  records: { permission: "context:read", events: ["ingested"] },
  context: { permission: "context:read", events: ["created"] },
  source: { permission: "context:read", events: ["created"] },
  "webhook-endpoint": {
    permission: "webhook:read",
    events: ["created", "updated", "deleted", "disabled"],
  },
  webhook: { permission: "webhook:read", events: ["test"] },
} as const satisfies Readonly<
  Record<string, { readonly permission: Permission; readonly events: readonly string[] }>
>;

type Family = keyof typeof FAMILIES;

/** A type of event (docs/api.md §9). */
export type EventType = {
  [Name in Family]: `${Name}.${(typeof FAMILIES)[Name]["events"][number]}`;
}[Family];

const FAMILY_NAMES = Object.keys(FAMILIES) as readonly Family[];

export const EVENT_TYPES: readonly EventType[] = FAMILY_NAMES.flatMap((family) =>
  FAMILIES[family].events.map((event) => `${family}.${event}` as EventType),
);

/** The progress of a running export. It is only in the stream: it has no number and is not stored. */
export const PROGRESS_TYPE = "export-job.progress";

/** The families as filters match them: `dispute.*`. */
export const EVENT_FAMILIES: readonly string[] = FAMILY_NAMES.map((family) => `${family}.*`);

const familyOf = (type: string): string => type.slice(0, type.indexOf("."));

/** The permission that shows the data of events of `type`; undefined for a type that this release does not know. */
export function eventPermission(type: string): Permission | undefined {
  const family = familyOf(type);
  return Object.hasOwn(FAMILIES, family) ? FAMILIES[family as Family].permission : undefined;
}

/** The types among `types` that a filter selects: a type, or a family such as `dispute.*`. Empty for an unknown filter. */
export const typesOf = <Type extends string>(
  filter: string,
  types: readonly Type[],
): readonly Type[] => types.filter((type) => type === filter || `${familyOf(type)}.*` === filter);
