import { OVERRUN_BYTES, pieceOf } from "./bytes.ts";
import { ROW_NUMBER, type Cell } from "./format.ts";
import { putSourceName, type SourceTable } from "./source-name.ts";
import { putNumber, type WriteValue } from "./values.ts";

/** A column of the file. */
export type RowCell = Cell & {
  /** Which value of the row it shows. */
  readonly input: number;
  /** Undefined: the value is the ID of a source, and the cell shows its name. */
  readonly write: WriteValue | undefined;
};

export type RowProgram = {
  /** The number of values in each row. */
  readonly inputs: number;
  readonly beforeRow: string;
  readonly cells: readonly RowCell[];
  readonly afterRow: string;
};

/** @see RowRenderer */
export type RenderRow = (
  row: DataView,
  start: number,
  length: number,
  out: DataView,
  to: number,
  number: number,
  sources: SourceTable,
) => number;

/**
 * Generates the function that renders a row, because V8 inlines a writer only where it is the only one that is called. A row
 * takes half of the time of a loop over the cells, which calls all writers in one place (docs/decisions/0001).
 *
 * Only numbers become code: counts, and the bytes of fixed texts.
 */
export function compileRow({ inputs, beforeRow, cells, afterRow }: RowProgram): RenderRow {
  const numbers = Array.from({ length: inputs }, (_, input) => input);
  const body = `
    if (row.getInt16(start) !== ${inputs}) throw new Error("a row has the wrong number of columns");
    let at = start + 2;
    ${numbers.map(locate).join("")}
    if (at !== start + rowLength) throw new Error("a row is longer or shorter than its columns");
    ${putText(beforeRow)}
    ${cells.map(putCell).join("")}
    ${putText(afterRow)}
    return to;`;
  const writers = cells.map(({ write }) => write);
  const parameters = ["putNumber", "putSourceName", ...writers.map((_, index) => `write${index}`)];
  // oxlint-disable-next-line typescript/no-implied-eval -- see above
  const create = new Function(
    ...parameters,
    `"use strict"; return (row, start, rowLength, out, to, number, sources) => {${body}};`,
  ) as (...values: readonly unknown[]) => RenderRow;
  return create(putNumber, putSourceName, ...writers);
}

const locate = (input: number): string => `
    const length${input} = row.getInt32(at), at${input} = at += 4;
    if (length${input} > 0) at += length${input};`;

const putCell = ({ input, before, after, whenNull, write }: RowCell, index: number): string => `
    if (length${input} < 0) {
      ${putText(whenNull)}
    } else {
      ${putText(before)}
      to = ${
        write === undefined
          ? `putSourceName(sources, row, at${input}, out, to)`
          : `write${index}(row, at${input}, length${input}, out, to)`
      };
      ${putText(after)}
    }`;

const putText = (text: string): string =>
  text.split(ROW_NUMBER).map(putFixed).join("to = putNumber(number, out, to);");

function putFixed(text: string): string {
  const { words, length } = pieceOf(text);
  if (length === 0) return "";
  if (length === 1) return `out.setUint8(to++, ${words[0]});`;
  const puts = Array.from(
    words,
    (word, index) => `out.setUint32(to + ${4 * index}, ${word}, true);`,
  );
  return `${puts.join(" ")} to += ${length};`;
}

/** The digits of the highest row number. */
const MAX_NUMBER_DIGITS = 16;

/** The most bytes that the fixed texts become. */
export const fixedBytes = ({ beforeRow, cells, afterRow }: RowProgram): number =>
  cells.reduce(
    (sum, { before, after, whenNull }) =>
      sum + Math.max(maxBytes(before) + maxBytes(after), maxBytes(whenNull)),
    maxBytes(beforeRow) + maxBytes(afterRow) + OVERRUN_BYTES,
  );

const maxBytes = (text: string): number =>
  Buffer.byteLength(text.replaceAll(ROW_NUMBER, "0".repeat(MAX_NUMBER_DIGITS)));
