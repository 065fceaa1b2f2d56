import { Prisma } from "@docket/platform/database";
import Joi from "joi";
import {
  decodeCursor,
  encodeCursor,
  foreignCursor,
  isInstant,
  pageOf,
  type Binding,
  type Page,
  type PageQuery,
  type Position,
} from "./pagination.ts";

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

/** What a list can be sorted by: the id at least, which every order ends with. */
export type SortKeys<Row> = Readonly<Record<string, SortKey<Row>>> & {
  readonly id: SortKey<Row>;
};

/** What a list that can be sorted takes beside its filters. */
export type SortedQuery = PageQuery & { readonly sort: string };

/** The `sort` parameter: a name, with `-` in front for descending. */
export function sortParameter(keys: SortKeys<never>, initial: string): Joi.StringSchema {
  const sorts = Object.keys(keys).flatMap((name) => [name, `-${name}`]);
  return Joi.string()
    .valid(...sorts)
    .default(initial)
    .messages({ "any.only": `{#label} must be one of ${sorts.join(", ")}` });
}

export const idKey = <Row>(of: (row: Row) => string): SortKey<Row> => ({
  sql: Prisma.sql`id`,
  kind: "id",
  of,
});

/** A key of a time that every row has. */
export const instantKey = <Row>(column: string, of: (row: Row) => Date): SortKey<Row> => ({
  sql: Prisma.raw(column),
  kind: "instant",
  of: (row) => of(row).toISOString(),
});

/** A key of text that sorts in the order of `values`. CASE is leakproof, as an index under row-level security must be. */
export function rankKey<Row>(
  column: string,
  values: readonly string[],
  of: (row: Row) => string,
): SortKey<Row> {
  const whens = values.slice(0, -1).map((value, place) => `WHEN '${value}' THEN ${place}`);
  const sql = `CASE ${column} ${whens.join(" ")} ELSE ${values.length - 1} END`;
  return { sql: Prisma.raw(sql), kind: "rank", of: (row) => values.indexOf(of(row)) };
}

/** A part of a sorted list, in SQL. `after` is there when it begins behind a cursor. */
export type SortedWindow = {
  readonly after: Prisma.Sql | undefined;
  readonly orderBy: Prisma.Sql;
  readonly take: number;
};

const boundTo = (binding: Binding, { sort }: SortedQuery): Binding => ({ ...binding, sort });

const keyOf = <Row>(keys: SortKeys<Row>, { sort }: SortedQuery): SortKey<Row> =>
  keys[sort.replace(/^-/, "")]!;

/**
 * The part that `query` asks for: one row more than its limit, so that it is known whether there are more.
 *
 * What comes after a cursor is compared as a row, not by an OR: only so does Postgres begin its index scan at the cursor. No key
 * is ever null, which a row comparison would lose.
 *
 * @throws DocketError `bad_request` for a cursor of another list, or a made-up one.
 */
export function sortedWindow<Row>(
  keys: SortKeys<Row>,
  query: SortedQuery,
  binding: Binding,
): SortedWindow {
  const { sql: key, kind } = keyOf(keys, query);
  const [direction, behind] = query.sort.startsWith("-")
    ? [Prisma.sql`DESC`, Prisma.sql`<`]
    : [Prisma.sql`ASC`, Prisma.sql`>`];
  const orderBy = Prisma.sql`${key} ${direction}, id ${direction}`;
  const take = query.limit + 1;
  if (query.cursor === undefined) return { after: undefined, orderBy, take };
  const position = decodeCursor(boundTo(binding, query), query.cursor);
  const place = Prisma.sql`(${valueOf(kind, position)}, ${position.id}::uuid)`;
  return { after: Prisma.sql`(${key}, id) ${behind} ${place}`, orderBy, take };
}

/** The page that the rows of such a window make. */
export function sortedPage<Row, Item>(
  rows: readonly Row[],
  keys: SortKeys<Row>,
  query: SortedQuery,
  binding: Binding,
  present: (row: Row) => Item,
): Page<Item> {
  const key = keyOf(keys, query);
  const cursorAfter = (row: Row): string =>
    encodeCursor(boundTo(binding, query), { value: key.of(row), id: String(keys.id.of(row)) });
  return pageOf(rows, query.limit, present, cursorAfter);
}

const HIGHEST_RANK = 100;

/** A cursor can be made up: what it holds must fit its sort. */
function valueOf(kind: KeyKind, { value, id }: Position): Prisma.Sql {
  if (kind === "id" && value === id) return Prisma.sql`${id}::uuid`;
  if (kind === "never" && value === null) return Prisma.sql`'infinity'::timestamptz`;
  if ((kind === "instant" || kind === "never") && isInstant(value)) {
    return Prisma.sql`${value}::timestamptz`;
  }
  if (kind === "rank" && Number.isInteger(value)) {
    const place = value as number;
    if (place >= 0 && place < HIGHEST_RANK) return Prisma.sql`${place}::int`;
  }
  throw foreignCursor();
}
