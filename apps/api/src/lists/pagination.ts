import { createHash } from "node:crypto";
import { DocketError, isUuid } from "@docket/domain";
import Joi from "joi";
import { component, listSchema, type JsonSchema } from "../openapi/json-schema.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 200;

/** What every list takes beside its filters. */
export type PageQuery = { readonly limit: number; readonly cursor?: string };

/** The query parameters of a list (contract §1, "Lists"); spread them among its filters. */
export const pageQuery = {
  limit: Joi.any()
    .custom((value: unknown, helpers) => {
      if (!/^[+-]?\d+$/.test(String(value))) return helpers.error("malformed.integer");
      const limit = Number(value);
      // Over the most is served as the most: a caller that asks for too much still gets a page.
      return limit < 1 ? helpers.error("refused.limit") : Math.min(limit, MAX_LIMIT);
    })
    .default(DEFAULT_LIMIT)
    .meta({
      type: "integer",
      minimum: 1,
      description: `Over ${MAX_LIMIT} is served as ${MAX_LIMIT}.`,
    })
    .messages({
      "malformed.integer": "{#label} must be an integer",
      "refused.limit": "{#label} must be at least 1",
    }),
  cursor: Joi.string().meta({
    description: "The `nextCursor` of the page before, with the same filters and sort.",
  }),
} satisfies Joi.PartialSchemaMap<PageQuery>;

/** Where a page ended: the sort value of its last row, and the row's id, which makes the order total. */
export type Position = { readonly value: string | number | null; readonly id: string };

/** What a cursor belongs to: the list, its path and filters, and its sort. */
export type Binding = Readonly<Record<string, unknown>>;

const fingerprintOf = (binding: Binding): string => {
  const sorted = Object.entries(binding)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("base64url").slice(0, 16);
};

/** An opaque cursor that continues after `position` in the list that `binding` describes. */
export function encodeCursor(binding: Binding, { value, id }: Position): string {
  return Buffer.from(JSON.stringify([fingerprintOf(binding), value, id])).toString("base64url");
}

/**
 * The position that a cursor of ours stands for. Whether `value` fits the sort is for the caller to check: a cursor can be made up.
 *
 * @throws DocketError `bad_request` for a cursor that this list, with these filters and this sort, never gave.
 */
export function decodeCursor(binding: Binding, cursor: string): Position {
  const [fingerprint, value, id] = parsed(cursor);
  const fits =
    fingerprint === fingerprintOf(binding) &&
    (value === null || typeof value === "string" || typeof value === "number") &&
    typeof id === "string" &&
    isUuid(id);
  if (!fits) throw foreignCursor();
  return { value, id };
}

/** RFC 3339 with milliseconds, years 0001 to 9999: what we write into cursors. */
const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Whether a position's value is an instant that we may have written. Days that do not exist `Date` would take for others. */
export const isInstant = (value: Position["value"]): value is string =>
  typeof value === "string" &&
  INSTANT.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value;

/** The refusal of a cursor. */
export function foreignCursor(): DocketError {
  const detail = "cursor belongs to another list, to other filters or to another sort";
  return new DocketError("bad_request", `${detail}.`, { errors: [{ field: "cursor", detail }] });
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** A page of a list (contract §1). */
export type Page<Item> = {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
  readonly limit: number;
  readonly hasMore: boolean;
};

/** The schema of such a page. */
export const pageSchema = (title: string, item: JsonSchema): JsonSchema =>
  component(
    title,
    {
      items: { ...listSchema(item), maxItems: MAX_LIMIT },
      limit: { type: "integer", minimum: 1, maximum: MAX_LIMIT },
      hasMore: { type: "boolean" },
    },
    { nextCursor: { type: "string", description: "There when `hasMore`." } },
  );

/** Makes a page of `limit + 1` rows or fewer: the one too many only says that there is more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Item,
  cursorAfter: (row: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit;
  return {
    items: shown.map(present),
    ...(hasMore && last !== undefined && { nextCursor: cursorAfter(last) }),
    limit,
    hasMore,
  };
}
