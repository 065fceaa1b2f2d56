import type { Rows } from "./pagination.ts";

/** A page of the default size takes one chunk. */
const FIRST_CHUNK = 21;

/**
 * Reads the rows of a window in chunks, each twice as large as the one before it, so that a page which ends by its bytes has not
 * read many rows beyond them.
 *
 * @param afterRow what makes a window begin after a row.
 */
export async function* chunked<Row, Window extends { readonly take: number }>(
  window: Window,
  afterRow: (row: Row) => Partial<Window>,
  read: (chunk: Window) => Rows<Row>,
): AsyncGenerator<Row> {
  let { take: left } = window;
  let chunk = window;
  for (let size = FIRST_CHUNK; left > 0; size *= 2) {
    const take = Math.min(size, left);
    let count = 0;
    for await (const row of read({ ...chunk, take })) {
      yield row;
      count += 1;
      if (count === take) chunk = { ...chunk, ...afterRow(row) };
    }
    if (count < take) return;
    left -= take;
  }
}
