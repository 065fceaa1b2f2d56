import type { Column, ColumnKind } from "../../report.ts";
import { bufferOf, pieceOf, putPiece, type Piece } from "../bytes.ts";
import { ROW_NUMBER, type Cell } from "../format.ts";
import { createTextWriter, type TextRules } from "../text.ts";
import {
  createTimestampWriter,
  putDigits,
  putNumber,
  SECONDS_PER_DAY,
  secondsSince2000,
  writeDecimal,
  writeInteger,
  writeScaledDecimal,
  type WriteValue,
} from "../values.ts";
import { STYLES } from "./workbook.ts";

/** A report has at most 26 columns. */
export const letterOf = (index: number): string => String.fromCharCode(65 + index);

/** What holds the value of a text. Spaces around the texts of callers are kept. */
const TEXT_BEFORE: Readonly<Record<string, string>> = {
  text: ' t="inlineStr"><is><t xml:space="preserve">',
  uuid: ' t="inlineStr"><is><t>',
  enum: ' t="inlineStr"><is><t>',
};
const TEXT_AFTER = "</t></is>";

export function cellOf({ kind }: Pick<Column, "kind">, index: number): Cell {
  const start = `<c r="${letterOf(index)}${ROW_NUMBER}"`;
  const before = TEXT_BEFORE[kind];
  // The value of a number or a time decides what its cell holds: the writers below write that, too.
  if (before === undefined) return { before: start, after: "</c>", whenNull: "" };
  return { before: start + before, after: `${TEXT_AFTER}</c>`, whenNull: "" };
}

const [INLINE, INLINE_END, VALUE_END] = [TEXT_BEFORE["enum"]!, TEXT_AFTER, "</v>"].map(pieceOf) as [
  Piece,
  Piece,
  Piece,
];

/** The digits that a double of a spreadsheet holds exactly. */
const MAX_DIGITS = 15;

const [POINT, ZERO, NINE] = [46, 48, 57] as const;

/** The digits of a plain decimal without leading zeros. */
function digitsOf(out: DataView, from: number, until: number): number {
  let digits = 0;
  for (let at = from; at < until; at += 1) {
    const byte = out.getUint8(at);
    if (byte >= ZERO && byte <= NINE && (digits > 0 || byte !== ZERO)) digits += 1;
  }
  return digits;
}

/** A number; text if a spreadsheet would round it. */
function numberWriter(write: WriteValue, style = ""): () => WriteValue {
  const before = pieceOf(`${style}><v>`);
  return () => (row, at, length, out, to) => {
    const from = putPiece(before, out, to);
    const until = write(row, at, length, out, from);
    if (digitsOf(out, from, until) <= MAX_DIGITS) return putPiece(VALUE_END, out, until);
    return putPiece(INLINE_END, out, write(row, at, length, out, putPiece(INLINE, out, to)));
  };
}

/** The day number of 2000-01-01 in a spreadsheet. */
const DAYS_TO_2000 = 36_526;
/** 1900-03-01. Before it, spreadsheets disagree: Excel has a 29 February 1900. */
const FIRST_DAY = 61;
/** The end of 9999. */
const LAST_DAY = 2_958_466;

/** A date; text in the form of the other formats before 1900-03-01. */
function dateWriter(): WriteValue {
  const writeText = createTimestampWriter();
  const before = pieceOf(`${STYLES.date}><v>`);
  return (row, at, length, out, to) => {
    const seconds = secondsSince2000(row, at, length);
    const days = Math.floor(seconds / SECONDS_PER_DAY);
    const day = days + DAYS_TO_2000;
    if (day >= FIRST_DAY && day < LAST_DAY) {
      const end = putNumber(day, out, putPiece(before, out, to));
      return putPiece(VALUE_END, out, putTime(seconds - days * SECONDS_PER_DAY, out, end));
    }
    return putPiece(INLINE_END, out, writeText(row, at, length, out, putPiece(INLINE, out, to)));
  };
}

/**
 * Writes the fraction of a day, with 12 decimals: a reader's double is right to within a microsecond. It makes no string, because V8
 * caches the strings of numbers.
 *
 * @returns the position after it.
 */
function putTime(second: number, out: DataView, to: number): number {
  if (second === 0) return to;
  out.setUint8(to, POINT);
  return putDigits(Math.round((second / SECONDS_PER_DAY) * 1e12), 12, out, to + 1);
}

/** UTF-16 code units, the limit of Excel. */
const MAX_TEXT_UNITS = 32_767;

/** A text is longer than a cell may be. */
export class CellTooLong extends Error {
  override readonly name = "CellTooLong";
  readonly column: string;

  constructor(column: string) {
    super(`a text of the column ${column} has more than ${MAX_TEXT_UNITS} UTF-16 code units`);
    this.column = column;
  }
}

function textWriter(text: TextRules, { name }: Pick<Column, "name">): WriteValue {
  const write = createTextWriter(text);
  return (row, at, length, out, to) => {
    // UTF-8 has at least as many bytes as UTF-16 has units.
    if (
      length > MAX_TEXT_UNITS &&
      bufferOf(row).toString("utf8", at, at + length).length > MAX_TEXT_UNITS
    )
      throw new CellTooLong(name);
    return write(row, at, length, out, to);
  };
}

/** The writers of the kinds whose cells differ from the text of the other formats. */
export const cellWriters = {
  text: textWriter,
  decimal: numberWriter(writeDecimal),
  percent: numberWriter(writeScaledDecimal, STYLES.percent),
  integer: numberWriter(writeInteger),
  timestamp: dateWriter,
} satisfies Partial<
  Record<ColumnKind, (text: TextRules, column: Pick<Column, "name">) => WriteValue>
>;
