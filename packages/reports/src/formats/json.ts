import type { Column, ColumnKind } from "../report.ts";
import { ONE_TEXT_PER_ROW, type RowRenderer } from "./types.ts";
import { escapedOnlyWhere, joined, plainValues, type Piece } from "./values.ts";

/** The characters that JSON requires to be escaped. */
const SUSPECTS = String.raw`'[\u0001-\u001f"\\]'`;

const QUOTE: Piece = { fixed: '"' };

const string = (sql: string): readonly Piece[] => [QUOTE, { sql }, QUOTE];

const values = {
  uuid: (x) => string(plainValues.uuid(x)),
  enum: (x) => string(plainValues.enum(x)),
  timestamp: (x) => string(plainValues.timestamp(x)),
  // Strings, because readers parse JSON numbers as floats and lose digits.
  decimal: (x) => string(plainValues.decimal(x)),
  percent: (x) => string(plainValues.percent(x)),
  integer: (x) => [{ sql: plainValues.integer(x) }],
  // to_json escapes the same characters as JSON.stringify, in the same way.
  text: (x, escape) => (escape ? [{ sql: `to_json(${x})::text` }] : string(x)),
} satisfies Record<ColumnKind, (x: string, escape: boolean) => readonly Piece[]>;

function value({ kind, sql, nullable }: Column, escape: boolean): readonly Piece[] {
  const pieces = values[kind](sql, escape);
  return nullable ? [{ sql: `coalesce(${joined(pieces)}, 'null')` }] : pieces;
}

const row = (columns: readonly Column[], escape: boolean): string =>
  joined([
    ...columns.flatMap((column, index): Piece[] => [
      { fixed: `${index === 0 ? "{" : ","}"${column.name}":` },
      ...value(column, escape),
    ]),
    { fixed: "}," },
  ]);

/** One object per line, followed by a comma. The framing replaces the last comma with the end of the array. */
export const jsonRows: RowRenderer = {
  row: (columns) => escapedOnlyWhere(SUSPECTS, columns, (escape) => row(columns, escape)),
  copyOptions: ONE_TEXT_PER_ROW,
};
