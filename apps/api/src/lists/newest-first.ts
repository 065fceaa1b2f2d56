import type { JsonBytes } from "../http/reply.ts";
import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  isInstant,
  pageOf,
  type Binding,
  type PageQuery,
  type Rows,
} from "./pagination.ts";

/** A row of a list in order of creation. */
type Created = { readonly id: string; readonly createdAt: Date };

/** The last row of the previous page. */
type After = { readonly createdAt: Date; readonly id: string };

/** The number of rows to fetch, and the row to start after. */
export type Window = { readonly take: number; readonly after?: After };

/**
 * The page of a list, newest first, that `query` asks for.
 *
 * @param list what the list is, besides its filters.
 * @throws DocketError `bad_request` for a cursor of another list or other filters, or a forged one.
 */
export async function newestFirstList<Row extends Created, Query extends PageQuery>(
  list: Binding,
  query: Query,
  read: (filters: Omit<Query, keyof PageQuery>, window: Window) => Rows<Row> | Promise<Rows<Row>>,
  present: (row: Row) => unknown,
): Promise<JsonBytes> {
  const { limit: _limit, cursor: _cursor, ...filters } = query;
  const binding = { ...list, ...filters };
  const rows = await read(filters, newestFirst(query, binding));
  return newestFirstPage(rows, query, binding, present);
}

/**
 * The window of the page that `query` asks for, newest first.
 *
 * @throws DocketError `bad_request` for a cursor of another list or other filters, or a forged one.
 */
export function newestFirst(query: PageQuery, binding: Binding): Window {
  const take = query.limit + 1;
  if (query.cursor === undefined) return { take };
  const { value, id } = decodeCursor(binding, query.cursor);
  if (!isInstant(value)) throw invalidCursor();
  return { take, after: { createdAt: new Date(value), id } };
}

/** The page of the rows that a window selected. */
export function newestFirstPage<Row extends Created>(
  rows: Rows<Row>,
  query: PageQuery,
  binding: Binding,
  present: (row: Row) => unknown,
): Promise<JsonBytes> {
  const cursorAfter = ({ createdAt, id }: Row): string =>
    encodeCursor(binding, { value: createdAt.toISOString(), id });
  return pageOf(rows, query.limit, present, cursorAfter);
}

/**
 * The arguments of a window for Prisma, which has no row comparison. The redundant `createdAt <=` is where Postgres starts its
 * index scan: with the OR alone, it would read the list from the beginning for every page.
 */
export function pageArguments({ take, after }: Window): PageArguments {
  const orderBy: PageArguments["orderBy"] = [{ createdAt: "desc" }, { id: "desc" }];
  if (after === undefined) return { take, orderBy, where: {} };
  const { createdAt, id } = after;
  const where = {
    createdAt: { lte: createdAt },
    OR: [{ createdAt: { lt: createdAt } }, { id: { lt: id } }],
  };
  return { take, orderBy, where };
}

type PageArguments = {
  take: number;
  orderBy: ({ createdAt: "desc" } | { id: "desc" })[];
  where: {
    createdAt?: { lte: Date };
    OR?: ({ createdAt: { lt: Date } } | { id: { lt: string } })[];
  };
};
