import type { Column, ColumnKind } from "../report.ts";
import { ONE_TEXT_PER_ROW, type RowRenderer } from "./types.ts";
import { escapedOnlyWhere, joined, plainValues, type Piece } from "./values.ts";

/** The characters that XML requires to be escaped or forbids. TAB is neither. */
const SUSPECTS = String.raw`'[\u0001-\u0008\u000a-\u001f&<>\ufffe\uffff]'`;

/** The characters that XML 1.0 forbids (all but its production Char), as far as Postgres can store them. */
const FORBIDDEN = String.raw`'[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]'`;

const replacements = [
  ["'&'", "'&amp;'"],
  ["'<'", "'&lt;'"],
  ["'>'", "'&gt;'"],
  // Parsers convert a raw CR to LF, and a row must stay on one line.
  ["chr(13)", "'&#13;'"],
  ["chr(10)", "'&#10;'"],
] as const;

const escaped = (x: string): string =>
  replacements.reduce(
    (sql, [from, to]) => `replace(${sql}, ${from}, ${to})`,
    `regexp_replace(${x}, ${FORBIDDEN}, '\ufffd', 'g')`,
  );

const values = {
  ...plainValues,
  text: (x, escape) => (escape ? escaped(x) : x),
} satisfies Record<ColumnKind, (x: string, escape: boolean) => string>;

function element({ name, kind, sql, nullable }: Column, escape: boolean): readonly Piece[] {
  const pieces: Piece[] = [
    { fixed: `<${name}>` },
    { sql: values[kind](sql, escape) },
    { fixed: `</${name}>` },
  ];
  return nullable ? [{ sql: `coalesce(${joined(pieces)}, '')` }] : pieces;
}

const row = (columns: readonly Column[], escape: boolean): string =>
  joined([
    { fixed: "<row>" },
    ...columns.flatMap((column) => element(column, escape)),
    { fixed: "</row>" },
  ]);

/** One `<row>` per line, without null elements. */
export const xmlRows: RowRenderer = {
  row: (columns) => escapedOnlyWhere(SUSPECTS, columns, (escape) => row(columns, escape)),
  copyOptions: ONE_TEXT_PER_ROW,
};
