import type { ColumnKind } from "../report.ts";
import type { RowRenderer } from "./types.ts";
import { plainValues } from "./values.ts";

/** `= @ TAB CR LF + -` and the full-width `＝ ＠ ＋ －`, by code point. */
const FORMULA_STARTS = [61, 64, 9, 13, 10, 43, 45, 0xff1d, 0xff20, 0xff0b, 0xff0d];

const NUMBER = "'^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$'";

/**
 * The formula guard (docs/api.md §3, "CSV"): a text that a spreadsheet could evaluate gets the prefix `'`.
 * ascii() returns the first character's code point, so nearly every text is decided without the regular expression.
 */
const guarded = (x: string): string =>
  `CASE WHEN ascii(${x}) IN (${FORMULA_STARTS.join(", ")}) AND ${x} !~ ${NUMBER} THEN '''' || ${x} ELSE ${x} END`;

const values = {
  ...plainValues,
  // COPY converts these to text.
  uuid: (x) => x,
  decimal: (x) => `trim_scale(${x})`,
  percent: (x) => `round(${x}, 2)`,
  integer: (x) => x,
  text: guarded,
} satisfies Record<ColumnKind, (x: string) => string>;

/** One field per column. COPY quotes them, writes null as an empty field and an empty text as `""`. */
export const csvRows: RowRenderer = {
  row: (columns) => columns.map(({ kind, sql }) => values[kind](sql)).join(", "),
  copyOptions: "FORMAT csv",
};
