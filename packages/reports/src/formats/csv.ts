import type { ColumnKind } from "../report.ts";
import type { RowRenderer } from "./types.ts";
import { plainValues } from "./values.ts";

/** `= @ TAB CR LF + -` and the full-width `＝ ＠ ＋ －`, by code point. */
const FORMULA_STARTS = [61, 64, 9, 13, 10, 43, 45, 0xff1d, 0xff20, 0xff0b, 0xff0d];

const NUMBER = "'^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$'";

/**
 * The spreadsheet guard (contract §3): `'` in front of what a spreadsheet could take for a formula.
 * ascii(), the first character's code point, decides for nearly every text without a regular expression.
 */
const guarded = (x: string): string =>
  `CASE WHEN ascii(${x}) IN (${FORMULA_STARTS.join(", ")}) AND ${x} !~ ${NUMBER} THEN '''' || ${x} ELSE ${x} END`;

const values = {
  ...plainValues,
  // COPY writes these itself.
  uuid: (x) => x,
  decimal: (x) => `trim_scale(${x})`,
  percent: (x) => `round(${x}, 2)`,
  integer: (x) => x,
  text: guarded,
} satisfies Record<ColumnKind, (x: string) => string>;

/** One field a column; quoting is COPY's. Null is empty, an empty text is `""`. */
export const csvRows: RowRenderer = {
  row: (columns) => columns.map(({ kind, sql }) => values[kind](sql)).join(", "),
  copyOptions: "FORMAT csv",
};
