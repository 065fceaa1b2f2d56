import { Prisma } from "@docket/platform/database";
import Joi from "joi";
import { foreignCursor, type Position } from "./pagination.ts";

/**
 * Lists that the caller may sort: the order is a key and then the id, which makes it total, so that a row keeps its place
 * whatever is added beside it. A cursor holds the key and the id of the last row that was shown.
 */

/** How a key compares: `never` is an instant that may be missing, and then is later than all others. */
type KeyKind = "instant" | "never" | "rank" | "id";

/** One thing to sort by. */
export type SortKey<Row> = {
  /** The expression that is sorted by. Postgres takes an index for it only when the index has the same one. */
  readonly sql: Prisma.Sql;
  readonly kind: KeyKind;
  /** The same of a row that was read. */
  readonly of: (row: Row) => string | number | null;
};

/** What a list can be sorted by. */
export type SortKeys<Row, Name extends string = string> = Readonly<Record<Name, SortKey<Row>>>;

export type Order<Name extends string = string> = {
  readonly by: Name;
  readonly descending: boolean;
};

/** The `sort` parameter: a name, with `-` in front for descending. */
export function sortParameter(names: readonly string[], initial: string): Joi.StringSchema {
  const sorts = names.flatMap((name) => [name, `-${name}`]);
  return Joi.string()
    .valid(...sorts)
    .default(initial)
    .messages({ "any.only": `{#label} must be one of ${sorts.join(", ")}` });
}

/** Reads a `sort` that {@link sortParameter} let through. */
export const orderOf = <Name extends string>(sort: string): Order<Name> => ({
  by: sort.replace(/^-/, "") as Name,
  descending: sort.startsWith("-"),
});

/** A key of text that sorts in the order of `values`. CASE is leakproof, as an index under row-level security must be. */
export function rank<Row>(
  column: string,
  values: readonly string[],
  of: (row: Row) => string,
): SortKey<Row> {
  const whens = values.slice(0, -1).map((value, place) => `WHEN '${value}' THEN ${place}`);
  const sql = `CASE ${column} ${whens.join(" ")} ELSE ${values.length - 1} END`;
  return { sql: Prisma.raw(sql), kind: "rank", of: (row) => values.indexOf(of(row)) };
}

/** Where a row stands in the list: what a cursor after it says. */
export const positionOf = <Row extends { readonly id: string }, Name extends string>(
  keys: SortKeys<Row, Name>,
  { by }: Order<Name>,
  row: Row,
): Position => ({ value: keys[by].of(row), id: row.id });

/** What stands behind ORDER BY. */
export function orderBy<Name extends string>(
  keys: SortKeys<never, Name>,
  { by, descending }: Order<Name>,
): Prisma.Sql {
  const direction = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  return Prisma.sql`${keys[by].sql} ${direction}, id ${direction}`;
}

/**
 * The conditions for what comes after a cursor. The first of them is the one at which an index scan can begin: by the OR
 * alone Postgres would read the list from its beginning for every page.
 *
 * @throws DocketError `bad_request` for a made-up cursor.
 */
export function afterPosition<Name extends string>(
  keys: SortKeys<never, Name>,
  { by, descending }: Order<Name>,
  after: Position | undefined,
): readonly Prisma.Sql[] {
  if (after === undefined) return [];
  const { sql: key, kind } = keys[by];
  const value = valueOf(kind, after);
  const id = Prisma.sql`${after.id}::uuid`;
  return descending
    ? [Prisma.sql`${key} <= ${value}`, Prisma.sql`(${key} < ${value} OR id < ${id})`]
    : [Prisma.sql`${key} >= ${value}`, Prisma.sql`(${key} > ${value} OR id > ${id})`];
}

/** RFC 3339 with milliseconds, years 0001 to 9999: what we write into cursors. */
const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const HIGHEST_RANK = 100;

/** A cursor can be made up: what it holds must fit its sort. */
function valueOf(kind: KeyKind, { value, id }: Position): Prisma.Sql {
  if (kind === "id" && value === id) return Prisma.sql`${id}::uuid`;
  if (kind === "never" && value === null) return Prisma.sql`'infinity'::timestamptz`;
  if (kind === "instant" || kind === "never") {
    if (typeof value === "string" && isInstant(value)) return Prisma.sql`${value}::timestamptz`;
  }
  if (kind === "rank" && Number.isInteger(value)) {
    const place = value as number;
    if (place >= 0 && place < HIGHEST_RANK) return Prisma.sql`${place}::int`;
  }
  throw foreignCursor();
}

/** Also refuses days that do not exist, which `Date` would take for others. */
const isInstant = (text: string): boolean =>
  INSTANT.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;
