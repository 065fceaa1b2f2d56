import type { Column, ColumnKind } from "../report.ts";

/**
 * RFC 3339 UTC in whole seconds. Relies on the session's `timezone = 'UTC'` and ISO datestyle; to_char does not,
 * and takes more than twice as long. date_bin cuts the fraction off (a cast to timestamptz(0) would round).
 */
const timestamp = (x: string): string =>
  `replace(date_bin('1 second', ${x}, '2000-01-01 00:00:00Z')::timestamp::text, ' ', 'T') || 'Z'`;

/** The kinds that are written the same in every format: nothing in them needs escaping. */
export const plainValues = {
  uuid: (x) => `${x}::text`,
  enum: (x) => x,
  // Postgres writes numeric without an exponent.
  decimal: (x) => `trim_scale(${x})::text`,
  percent: (x) => `round(${x}, 2)::text`,
  integer: (x) => `${x}::text`,
  timestamp,
} satisfies Record<Exclude<ColumnKind, "text">, (x: string) => string>;

/** `'…'`; for fixed texts of ours. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A piece of a row: fixed text, or an expression that is never null. */
export type Piece = { readonly fixed: string } | { readonly sql: string };

/**
 * Joins pieces with `||`, neighbouring fixed texts as one. Measured: `||` takes less than half the time of concat()
 * and three quarters of format()'s.
 */
export function joined(pieces: readonly Piece[]): string {
  const terms: string[] = [];
  let fixed = "";
  const flush = (): void => {
    if (fixed !== "") terms.push(quoted(fixed));
    fixed = "";
  };
  for (const piece of pieces) {
    if ("fixed" in piece) {
      fixed += piece.fixed;
      continue;
    }
    flush();
    terms.push(piece.sql);
  }
  flush();
  return terms.join(" || ");
}

/**
 * Chooses between two renderings of a row by one regular expression over all its caller-filled texts: nearly every
 * row has nothing to escape, and one search costs less than escaping each text (MATCHED: 0.3 µs against 0.7 µs).
 *
 * @param suspects an SQL literal: a regular expression that finds whatever would need escaping.
 */
export function escapedOnlyWhere(
  suspects: string,
  columns: readonly Column[],
  row: (escape: boolean) => string,
): string {
  const texts = columns
    .filter(({ kind }) => kind === "text")
    .map(({ sql, nullable }) => (nullable ? `coalesce(${sql}, '')` : sql));
  return `CASE WHEN (${texts.join(" || ")}) COLLATE "C" ~ ${suspects} THEN ${row(true)} ELSE ${row(false)} END`;
}
