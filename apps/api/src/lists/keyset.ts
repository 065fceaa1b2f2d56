import { Prisma } from "@docket/platform/database";
import Joi from "joi";
import { chunked } from "./chunked.ts";
import { requireOrder, type DayRange } from "./filters.ts";
import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  isInstant,
  pageOf,
  type Binding,
  type PageQuery,
  type Position,
  type Rows,
} from "./pagination.ts";
import type { JsonBytes } from "../http/reply.ts";

/**
 * Keyset pagination of lists with a `sort` parameter. The order is by a key and then by ID, so it is total and stays stable
 * while rows are added. A cursor holds the key and the ID of the last row of its page.
 */

/** How keys compare. A `nullable-instant` that is null sorts after all others, or in `descending` before them, that is, last. */
type KeyKind = "instant" | "nullable-instant" | "rank" | "amount" | "id";

/** A key to sort by. */
export type SortKey<Row> = {
  /** The expression to sort by. Postgres uses an index for it only if the index has exactly this expression. */
  readonly sql: Prisma.Sql;
  /** The expression for the descending order, if null is to come last there too. */
  readonly descending?: Prisma.Sql;
  readonly kind: KeyKind;
  /** The value of the same key for a row that was read. */
  readonly of: (row: Row) => string | number | null;
};

/** The keys of a list. Every list has `id`, which ends every order. */
export type SortKeys<Row> = Readonly<Record<string, SortKey<Row>>> & {
  readonly id: SortKey<Row>;
};

/** The query parameters of a sortable list, without its filters. */
export type SortedQuery = PageQuery & { readonly sort: string };

/** The `sort` parameter: the name of a key, with the prefix `-` for descending. */
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

/** A key of a timestamp that is never null. */
export const instantKey = <Row>(column: string, of: (row: Row) => Date): SortKey<Row> => ({
  sql: Prisma.raw(column),
  kind: "instant",
  of: (row) => of(row).toISOString(),
});

/** A key of an absolute amount: text of the SQL function `amount_key`. Comparisons of numeric are not leakproof. */
export const amountKey = <Row>(column: string, of: (row: Row) => string): SortKey<Row> => ({
  sql: Prisma.raw(column),
  kind: "amount",
  of,
});

/** A key of a text column that sorts in the order of `values`. CASE is leakproof, so that its index works under row-level security. */
export function rankKey<Row>(
  column: string,
  values: readonly string[],
  of: (row: Row) => string,
): SortKey<Row> {
  const whens = values.slice(0, -1).map((value, rank) => `WHEN '${value}' THEN ${rank}`);
  const sql = `CASE ${column} ${whens.join(" ")} ELSE ${values.length - 1} END`;
  return { sql: Prisma.raw(sql), kind: "rank", of: (row) => values.indexOf(of(row)) };
}

/** The SQL of one page. `after` is the condition of its cursor, if any. */
export type SortedWindow<Row> = {
  readonly after: Prisma.Sql | undefined;
  readonly orderBy: Prisma.Sql;
  readonly take: number;
  /** The condition of the rows after `row`. */
  readonly afterRow: (row: Row) => Prisma.Sql;
};

/** Reads the rows of a window in chunks; see {@link chunked}. */
export const inChunks = <Row>(
  window: SortedWindow<Row>,
  read: (chunk: SortedWindow<Row>) => Rows<Row>,
): AsyncGenerator<Row> => chunked(window, (row) => ({ after: window.afterRow(row) }), read);

/** What a list is, besides its filters: its name, and the ID in its path. */
type List<Row> = { readonly keys: SortKeys<Row>; readonly name: string; readonly path?: string };

/**
 * The page of a list that `query` asks for.
 *
 * @throws DocketError `bad_request` when `dateFrom` is after `dateTo`, and for a cursor of another list, other filters or another
 * sort, or a forged one.
 */
export async function sortedList<Row, Query extends SortedQuery & DayRange>(
  { keys, name, path }: List<Row>,
  query: Query,
  read: (
    filters: Omit<Query, keyof SortedQuery>,
    window: SortedWindow<Row>,
  ) => Rows<Row> | Promise<Rows<Row>>,
  present: (row: Row) => unknown,
): Promise<JsonBytes> {
  const { limit: _limit, cursor: _cursor, sort: _sort, ...filters } = query;
  requireOrder(query);
  const binding = { list: name, path, ...filters };
  const rows = await read(filters, sortedWindow(keys, query, binding));
  return sortedPage(rows, keys, query, binding, present);
}

const bindSort = (binding: Binding, { sort }: SortedQuery): Binding => ({ ...binding, sort });

const keyOf = <Row>(keys: SortKeys<Row>, { sort }: SortedQuery): SortKey<Row> =>
  keys[sort.replace(/^-/, "")]!;

/**
 * The window of the page that `query` asks for. It takes one row more than the limit, which tells whether there are more.
 *
 * The condition is a row comparison, not an OR, so that Postgres starts its index scan at the cursor. The expression of a key is
 * never null, since a row comparison with null would drop the row.
 *
 * @throws DocketError `bad_request` for a cursor of another list, other filters or another sort, or a forged one.
 */
export function sortedWindow<Row>(
  keys: SortKeys<Row>,
  query: SortedQuery,
  binding: Binding,
): SortedWindow<Row> {
  const { sql, descending, kind, of } = keyOf(keys, query);
  const isDescending = query.sort.startsWith("-");
  const key = (isDescending && descending) || sql;
  const [direction, comparison] = isDescending
    ? [Prisma.sql`DESC`, Prisma.sql`<`]
    : [Prisma.sql`ASC`, Prisma.sql`>`];
  const nullInstant = key === descending ? Prisma.sql`'-infinity'` : Prisma.sql`'infinity'`;
  const orderBy = Prisma.sql`${key} ${direction}, id ${direction}`;
  const afterPosition = (position: Position): Prisma.Sql => {
    const last = Prisma.sql`(${valueOf(kind, position, nullInstant)}, ${position.id}::uuid)`;
    return Prisma.sql`(${key}, id) ${comparison} ${last}`;
  };
  return {
    after:
      query.cursor === undefined
        ? undefined
        : afterPosition(decodeCursor(bindSort(binding, query), query.cursor)),
    orderBy,
    take: query.limit + 1,
    afterRow: (row) => afterPosition({ value: of(row), id: String(keys.id.of(row)) }),
  };
}

/** The page of the rows that a window selected. */
export function sortedPage<Row>(
  rows: Rows<Row>,
  keys: SortKeys<Row>,
  query: SortedQuery,
  binding: Binding,
  present: (row: Row) => unknown,
): Promise<JsonBytes> {
  const key = keyOf(keys, query);
  const cursorAfter = (row: Row): string =>
    encodeCursor(bindSort(binding, query), { value: key.of(row), id: String(keys.id.of(row)) });
  return pageOf(rows, query.limit, present, cursorAfter);
}

const MAX_RANK = 100;

/** The text of `amount_key`, and of a row that the data migration has not reached yet. */
const AMOUNT_KEY = /^(?:\d{20}\.\d{8})?$/;

/** Checks the value of a cursor, which may be forged, against the kind of its key. */
function valueOf(kind: KeyKind, { value, id }: Position, nullInstant: Prisma.Sql): Prisma.Sql {
  if (kind === "id" && value === id) return Prisma.sql`${id}::uuid`;
  if (kind === "nullable-instant" && value === null) return Prisma.sql`${nullInstant}::timestamptz`;
  if ((kind === "instant" || kind === "nullable-instant") && isInstant(value)) {
    return Prisma.sql`${value}::timestamptz`;
  }
  if (kind === "amount" && typeof value === "string" && AMOUNT_KEY.test(value)) {
    return Prisma.sql`${value}`;
  }
  if (kind === "rank" && Number.isInteger(value)) {
    const rank = value as number;
    if (rank >= 0 && rank < MAX_RANK) return Prisma.sql`${rank}::int`;
  }
  throw invalidCursor();
}
