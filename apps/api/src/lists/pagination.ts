import { createHash } from "node:crypto";
import { DocketError, isUuid } from "@docket/domain";
import Joi from "joi";
import { JsonBytes } from "../http/reply.ts";
import { component, listSchema, type JsonSchema } from "../openapi/json-schema.ts";

const DEFAULT_LIMIT = 20;
/** The most items of a page. */
export const MAX_LIMIT = 200;

/** The query parameters of every list, without its filters. */
export type PageQuery = { readonly limit: number; readonly cursor?: string };

/** The query parameters of every list (docs/api.md §1, "Lists"), to be spread among its filters. */
export const pageQuery = {
  limit: Joi.any()
    .custom((value: unknown, helpers) => {
      if (!/^[+-]?\d+$/.test(String(value))) return helpers.error("malformed.integer");
      const limit = Number(value);
      return limit < 1 ? helpers.error("refused.limit") : Math.min(limit, MAX_LIMIT);
    })
    .default(DEFAULT_LIMIT)
    .meta({
      type: "integer",
      minimum: 1,
      description: `The most items of a page. A value over ${MAX_LIMIT} is served as ${MAX_LIMIT}.`,
    })
    .messages({
      "malformed.integer": "{#label} must be an integer",
      "refused.limit": "{#label} must be at least 1",
    }),
  cursor: Joi.string().meta({
    description:
      "The `nextCursor` of the previous page. It is valid only with the same filters and sort.",
  }),
} satisfies Joi.PartialSchemaMap<PageQuery>;

/** Where a page ended: the sort key and the ID of its last row. */
export type Position = { readonly value: string | number | null; readonly id: string };

/** What a cursor is bound to: the list, its path, filters and sort. */
export type Binding = Readonly<Record<string, unknown>>;

const fingerprintOf = (binding: Binding): string => {
  const sorted = Object.entries(binding)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("base64url").slice(0, 16);
};

/** An opaque cursor that continues after a position. */
export function encodeCursor(binding: Binding, { value, id }: Position): string {
  return Buffer.from(JSON.stringify([fingerprintOf(binding), value, id])).toString("base64url");
}

/** Longer than any cursor that the API issues. */
const MAX_CURSOR_LENGTH = 512;

/**
 * The position of a cursor. A cursor may be forged: the caller must check that `value` fits the sort.
 *
 * @throws DocketError `bad_request` when the cursor is malformed or bound to something else.
 */
export function decodeCursor(binding: Binding, cursor: string): Position {
  const [fingerprint, value, id] = parseCursor(cursor);
  const isValid =
    fingerprint === fingerprintOf(binding) &&
    (value === null || typeof value === "string" || typeof value === "number") &&
    typeof id === "string" &&
    isUuid(id);
  if (!isValid) throw invalidCursor();
  return { value, id };
}

/** RFC 3339 with milliseconds, years 0001 to 9999, as in the cursors that the API issues. */
const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** True for an instant that the API may have issued. The last condition refuses days such as 2026-02-30, which `Date` accepts. */
export const isInstant = (value: Position["value"]): value is string =>
  typeof value === "string" &&
  INSTANT.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value;

/** The error for a cursor that is malformed, forged or bound to something else. */
export function invalidCursor(): DocketError {
  const detail = "cursor must be the nextCursor of a page with the same filters and sort";
  return new DocketError("bad_request", `${detail}.`, { errors: [{ field: "cursor", detail }] });
}

function parseCursor(cursor: string): readonly unknown[] {
  if (cursor.length > MAX_CURSOR_LENGTH) return [];
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** The schema of a page. */
export const pageSchema = (title: string, item: JsonSchema): JsonSchema =>
  component(
    title,
    {
      items: { ...listSchema(item), maxItems: MAX_LIMIT },
      limit: { type: "integer", minimum: 1, maximum: MAX_LIMIT },
      hasMore: { type: "boolean" },
    },
    { nextCursor: { type: "string", description: "Present if `hasMore` is true." } },
  );

/** Rows of a list in order. A list whose rows are large yields them as they are needed, so that memory stays bounded. */
export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** A page ends when its items reach this many bytes of JSON (docs/api.md §1, "Lists"). */
const MAX_PAGE_BYTES = 1_048_576;

/** The items of a page, serialized, and the row of the last one. */
type Items<Row> = {
  readonly parts: readonly Buffer[];
  readonly last: Row | undefined;
  readonly hasMore: boolean;
};

/**
 * Takes at most `limit` rows, of which `rows` must yield one more if there are more. It ends earlier when the items reach
 * `MAX_PAGE_BYTES`, and then reads only one more row, which shows whether there are more.
 *
 * Returns bytes, because each item is serialized to know its size. Strings of a page's size would make V8's heap several times as
 * large.
 */
export async function boundedItems<Row>(
  rows: Rows<Row>,
  limit: number,
  serialize: (row: Row) => string,
): Promise<Items<Row>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  let last: Row | undefined;
  let hasMore = false;
  for await (const row of rows) {
    hasMore = parts.length === limit || bytes >= MAX_PAGE_BYTES;
    if (hasMore) break;
    const item = Buffer.from(`${parts.length === 0 ? "" : ","}${serialize(row)}`);
    parts.push(item);
    bytes += item.length;
    last = row;
  }
  return { parts, last, hasMore };
}

/** A page of `items` and the other members `rest`. */
export const jsonPage = (
  { parts }: Pick<Items<unknown>, "parts">,
  rest: Readonly<Record<string, unknown>>,
): JsonBytes =>
  new JsonBytes(
    Buffer.concat([
      Buffer.from('{"items":['),
      ...parts,
      Buffer.from(`],${JSON.stringify(rest).slice(1)}`),
    ]),
  );

/** Makes a page of the rows that {@link boundedItems} takes. */
export async function pageOf<Row>(
  rows: Rows<Row>,
  limit: number,
  present: (row: Row) => unknown,
  cursorAfter: (row: Row) => string,
): Promise<JsonBytes> {
  const items = await boundedItems(rows, limit, (row) => JSON.stringify(present(row)));
  const { last, hasMore } = items;
  const next = hasMore && last !== undefined && { nextCursor: cursorAfter(last) };
  return jsonPage(items, { ...next, limit, hasMore });
}
