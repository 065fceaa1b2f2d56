import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  pageOf,
  type Binding,
  type PageQuery,
} from "./pagination.ts";
import type { JsonBytes } from "../http/reply.ts";

/** The greatest value of a column `version`. */
const MAX_VERSION = 2_147_483_647;

/** Before the first version. */
const START = -1;

/**
 * One page of a history, oldest first. Versions are unique in a history and only grow, so the version is the whole key.
 *
 * @param read reads at most `take` events whose version is greater than `after`, in order.
 * @throws DocketError `bad_request` for a cursor of another list, or a forged one.
 */
export async function historyPage<Row extends { readonly version: number; readonly id: string }>(
  { limit, cursor }: PageQuery,
  binding: Binding,
  read: (after: number, take: number) => Promise<readonly Row[]>,
  present: (row: Row) => unknown,
): Promise<JsonBytes> {
  const after = cursor === undefined ? START : versionOf(decodeCursor(binding, cursor).value);
  const rows = await read(after, limit + 1);
  return pageOf(rows, limit, present, ({ version, id }) =>
    encodeCursor(binding, { value: version, id }),
  );
}

/** Checks the value of a cursor, which may be forged. */
function versionOf(value: unknown): number {
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_VERSION)
    return Number(value);
  throw invalidCursor();
}
