import type { Column, ColumnKind } from "../report.ts";

/**
 * RFC 3339 in UTC, in whole seconds. Requires a session with `timezone = 'UTC'` and an ISO datestyle. (to_char requires
 * neither, but takes more than twice as long.) date_bin truncates the fraction; a cast to timestamptz(0) would round it.
 */
const timestamp = (x: string): string =>
  `replace(date_bin('1 second', ${x}, '2000-01-01 00:00:00Z')::timestamp::text, ' ', 'T') || 'Z'`;

/** The kinds that never need escaping: their text is the same in every format. */
export const plainValues = {
  uuid: (x) => `${x}::text`,
  enum: (x) => x,
  // Postgres writes numeric without an exponent.
  decimal: (x) => `trim_scale(${x})::text`,
  percent: (x) => `round(${x}, 2)::text`,
  integer: (x) => `${x}::text`,
  timestamp,
} satisfies Record<Exclude<ColumnKind, "text">, (x: string) => string>;

/** An SQL literal of a constant text. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A piece of a row: fixed text, or an expression that is never null. */
export type Piece = { readonly fixed: string } | { readonly sql: string };

/**
 * Joins pieces with `||` and merges adjacent fixed texts. Measured: `||` takes less than half the time of concat() and
 * three quarters of the time of format().
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
 * Renders a row with or without escaping, as decided by one regular expression over all its text columns. Nearly no row
 * needs escaping, and one search takes less time than escaping each text (MATCHED: 0.3 µs instead of 0.7 µs).
 *
 * @param suspects an SQL literal: a regular expression that matches every character that needs escaping.
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
