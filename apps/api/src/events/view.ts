import { EVENT_TYPES, eventPermission, type Permission } from "@docket/domain";
import type { EventRow } from "@docket/platform/rows";
import {
  choiceSchema,
  component,
  countSchema,
  idSchema,
  instantSchema,
  listSchema,
  objectSchema,
  sha256Schema,
  textSchema,
} from "../openapi/json-schema.ts";
import { MAX_LIMIT } from "../lists/pagination.ts";

/** True if a token with `permissions` may see the data of events of `type` (docs/api.md §9). */
export function showsData(type: string, permissions: ReadonlySet<string>): boolean {
  const permission: Permission | undefined = eventPermission(type);
  return permission !== undefined && permissions.has(permission);
}

/** An event as JSON. Its data is already JSON, and is copied. */
export function eventJson(row: EventRow, hasData: boolean): string {
  const { id, seq, type, subject, actor, requestId, dataHash, hash } = row;
  const at = row.at.toISOString();
  const head = { id, seq, type, subject, actor, at, ...(requestId !== null && { requestId }) };
  const tail = { salt: hasData ? row.salt : null, dataHash, hash };
  const data = (hasData ? row.data : null) ?? "null";
  return `${JSON.stringify(head).slice(0, -1)},"data":${data},${JSON.stringify(tail).slice(1)}`;
}

const saltSchema = {
  type: ["string", "null"],
  pattern: "^[0-9a-f]{32}$",
  description: "Null if the data is.",
};

const eventSchema = component(
  "Event",
  {
    id: idSchema,
    seq: { ...countSchema, minimum: 1, description: "Counts 1, 2, 3 … without gaps." },
    type: choiceSchema(EVENT_TYPES),
    subject: { ...textSchema, description: "The path of the resource." },
    actor: textSchema,
    at: instantSchema,
    data: {
      type: ["object", "null"],
      description:
        "The resource after the change. Null if it was erased, or if the token may not read it.",
    },
    salt: saltSchema,
    dataHash: sha256Schema,
    hash: sha256Schema,
  },
  { requestId: textSchema },
);

export const eventFeedSchema = component("EventFeed", {
  items: { ...listSchema(eventSchema), maxItems: MAX_LIMIT },
  limit: { type: "integer", minimum: 1, maximum: MAX_LIMIT },
  hasMore: { type: "boolean" },
  lastSeq: {
    ...countSchema,
    description: "The number of the last item, or `after` if there is none.",
  },
});

export const eventHeadSchema = component("EventHead", {
  seq: { ...countSchema, description: "The number of the newest event; 0 if there is none." },
  hash: sha256Schema,
  oldest: {
    ...objectSchema({ seq: countSchema, previousHash: sha256Schema }),
    description: "The oldest event that is kept, and the hash that it continues.",
  },
});
