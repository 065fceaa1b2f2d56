import type { Column, ColumnKind } from "../../report.ts";
import { CONTROLS, replacementsOf, ROW_NUMBER, type FileFormat } from "../format.ts";
import type { TextRules } from "../text.ts";
import { cellOf, cellWriters, letterOf } from "./cells.ts";
import { firstParts, lastParts, MAIN, sheetPart, STYLES } from "./workbook.ts";

/** The most rows of a sheet, its header included. */
const MAX_SHEET_ROWS = 1_048_576;

/** The width of a column in characters. */
const WIDTHS = {
  uuid: 38,
  text: 30,
  enum: 16,
  decimal: 18,
  percent: 14,
  integer: 12,
  timestamp: 20,
} as const satisfies Record<ColumnKind, number>;

type SheetColumn = Pick<Column, "name" | "kind">;

function sheetHead(columns: readonly SheetColumn[], number: number): string {
  const widths = columns.map(
    ({ kind }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${WIDTHS[kind]}" customWidth="1"/>`,
  );
  const header = columns.map(
    ({ name }, index) =>
      `<c r="${letterOf(index)}1"${STYLES.header} t="inlineStr"><is><t>${name}</t></is></c>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    `<worksheet xmlns="${MAIN}"><sheetViews>`,
    `<sheetView${number === 1 ? ' tabSelected="1"' : ""} workbookViewId="0">`,
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
    `</sheetView></sheetViews><cols>${widths.join("")}</cols>`,
    `<sheetData><row r="1">${header.join("")}</row>`,
  ].join("");
}

const rangeOf = (columns: readonly SheetColumn[], rows: number): string =>
  `A1:${letterOf(columns.length - 1)}${rows + 1}`;

// oxlint-disable-next-line no-control-regex -- XML 1.0 forbids control characters, and its parsers read CR as LF.
const FORBIDDEN = /[\0-\u0008\u000b-\u001f\ufffe\uffff]/g;
/** What a reader would take for the code of a character. The code of a forbidden character that follows begins with `_`. */
// oxlint-disable-next-line no-control-regex -- as above
const LITERAL_CODE = /_(?=x[0-9a-f]{4}[_\0-\u0008\u000b-\u001f\ufffe\uffff])/gi;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const codeOf = (character: string): string =>
  `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;

/** ECMA-376, Part 1, 22.9.2.19: `_xHHHH_` is a character that XML cannot hold. */
const escape = (value: string): string =>
  value
    .replace(LITERAL_CODE, "_x005F_")
    .replace(FORBIDDEN, codeOf)
    .replace(/[&<>]/g, (character) => ESCAPES[character]!);

const REPLACED = `&<>${CONTROLS.replace(/[\t\n]/g, "")}`;

const text: TextRules = {
  // U+FFFE has the same first byte as U+FFFF. Whether an underscore is escaped depends on what follows it.
  suspects: `${REPLACED}_\uffff`,
  replacements: replacementsOf(REPLACED, escape),
  escape,
  maxGrowth: 7,
};

/** A workbook: the rows in sheets, each with a frozen bold header and a filter. */
export const xlsx: FileFormat = {
  head: () => "",
  beforeRow: `<row r="${ROW_NUMBER}">`,
  afterRow: "</row>",
  betweenRows: "",
  tail: "",
  empty: () => "",
  cell: cellOf,
  text,
  writers: cellWriters,
  archive: {
    rowsPerEntry: MAX_SHEET_ROWS - 1,
    firstRow: 2,
    before: firstParts,
    entryName: sheetPart,
    head: sheetHead,
    tail: (columns, rows) =>
      `</sheetData><autoFilter ref="${rangeOf(columns, rows)}"/></worksheet>`,
    after: (spec, columns, rows) =>
      lastParts(
        spec,
        rows.map((count) => rangeOf(columns, count)),
      ),
  },
};
