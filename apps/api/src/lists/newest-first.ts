import {
  decodeCursor,
  encodeCursor,
  foreignCursor,
  isInstant,
  pageOf,
  type Binding,
  type Page,
  type PageQuery,
} from "./pagination.ts";

/** A row that a list in order of creation can show. */
type Created = { readonly id: string; readonly createdAt: Date };

/** Where to go on: after the row created at this instant, with this id. */
export type After = { readonly createdAt: Date; readonly id: string };

/** How many rows to fetch, and after which one. */
export type Window = { readonly take: number; readonly after?: After };

/** The part of a list, newest first, that `query` asks for. @throws DocketError `bad_request` for a cursor of another list. */
export function newestFirst(query: PageQuery, binding: Binding): Window {
  const take = query.limit + 1;
  if (query.cursor === undefined) return { take };
  const { value, id } = decodeCursor(binding, query.cursor);
  if (!isInstant(value)) throw foreignCursor();
  return { take, after: { createdAt: new Date(value), id } };
}

/** The page that the rows of such a window make. */
export function newestFirstPage<Row extends Created, Item>(
  rows: readonly Row[],
  query: PageQuery,
  binding: Binding,
  present: (row: Row) => Item,
): Page<Item> {
  const cursorAfter = ({ createdAt, id }: Row): string =>
    encodeCursor(binding, { value: createdAt.toISOString(), id });
  return pageOf(rows, query.limit, present, cursorAfter);
}

/**
 * The keyset of a window for Prisma, which knows no row comparison. `createdAt <=` stands beside the OR because Postgres can
 * start an index scan there; by the OR alone it would read the list from its beginning for every page.
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
