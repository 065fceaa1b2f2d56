import type { Column, ColumnKind } from "../report.ts";
import { OVERRUN_BYTES, pieceOf, putAscii, putPiece, type Piece } from "./bytes.ts";
import { ROW_NUMBER, type CreateWriter, type FileFormat } from "./format.ts";
import { createSourceNameWriter, type SourceNames } from "./source-name.ts";
import { createTextWriter, writeWord } from "./text.ts";
import {
  createTimestampWriter,
  MAX_PLAIN_BYTES,
  writeDecimal,
  writeInteger,
  writeScaledDecimal,
  writeUuid,
} from "./values.ts";

/** Renders rows of `COPY … (FORMAT binary)`, each as one message of the server carries it. */
export type RowRenderer = {
  /** The most bytes that a row of `length` bytes can become. */
  readonly room: (length: number) => number;
  /**
   * Writes the row of `length` bytes at `at` of `rows` to `out` from position `to`.
   *
   * @param number the number of the row, for the formats that write it.
   * @returns the position after the row. `out` must have `room(length)` bytes left.
   */
  readonly render: (
    rows: DataView,
    at: number,
    length: number,
    out: DataView,
    to: number,
    number?: number,
  ) => number;
};

/** A column of the file, and which value of the row it shows. */
export type RenderedColumn = Pick<Column, "name" | "kind" | "lookup"> & {
  readonly input: number;
};

const writers = {
  uuid: () => writeUuid,
  text: createTextWriter,
  enum: () => writeWord,
  decimal: () => writeDecimal,
  percent: () => writeScaledDecimal,
  integer: () => writeInteger,
  timestamp: createTimestampWriter,
} as const satisfies Record<ColumnKind, CreateWriter>;

/** What the renderer of a file is compiled from. */
export type RowLayout = {
  readonly format: FileFormat;
  readonly columns: readonly RenderedColumn[];
  /** The number of values in each row. */
  readonly inputs: number;
  readonly sourceNames: SourceNames;
};

/** Compiles the renderer of a file's rows. */
export function createRowRenderer(layout: RowLayout): RowRenderer {
  const { format, inputs } = layout;
  const cells = layout.columns.map((column, index) => compileCell(layout, column, index));
  const beforeRow = compileText(format.beforeRow);
  const afterRow = pieceOf(format.afterRow);
  const fixed = cells.reduce(
    (sum, { before, after, whenNull, maxBytes }) =>
      sum + Math.max(before.maxBytes + maxBytes + after.length, whenNull.length),
    beforeRow.maxBytes + afterRow.length + OVERRUN_BYTES,
  );
  const growth = format.text.maxGrowth;
  const isNumbered = format.archive !== undefined;
  const ats = new Int32Array(inputs);
  const lengths = new Int32Array(inputs);

  const locate = (rows: DataView, start: number, rowLength: number): void => {
    if (rows.getInt16(start) !== inputs) throw new Error("a row has the wrong number of columns");
    let at = start + 2;
    for (let input = 0; input < inputs; input += 1) {
      const length = rows.getInt32(at);
      at += 4;
      ats[input] = at;
      lengths[input] = length;
      if (length > 0) at += length;
    }
    if (at !== start + rowLength) throw new Error("a row is longer or shorter than its columns");
  };

  return {
    room: (length) => fixed + growth * length,
    render: (rows, at, rowLength, out, start, number = 0) => {
      locate(rows, at, rowLength);
      const digits = isNumbered ? String(number) : "";
      let to = putText(beforeRow, out, start, digits);
      for (const { input, before, after, whenNull, write } of cells) {
        const length = lengths[input]!;
        if (length < 0) {
          to = putPiece(whenNull, out, to);
        } else {
          to = putText(before, out, to, digits);
          to = write(rows, ats[input]!, length, out, to);
          to = putPiece(after, out, to);
        }
      }
      return putPiece(afterRow, out, to);
    },
  };
}

function compileCell({ format, sourceNames }: RowLayout, column: RenderedColumn, index: number) {
  const { before, after, whenNull } = format.cell(column, index);
  const create = format.writers?.[column.kind] ?? writers[column.kind];
  const value =
    column.lookup === "source-name"
      ? createSourceNameWriter(sourceNames, format.text)
      : { write: create(format.text, column), maxBytes: MAX_PLAIN_BYTES };
  return {
    ...value,
    input: column.input,
    before: compileText(before),
    after: pieceOf(after),
    whenNull: pieceOf(whenNull),
  };
}

/** The digits of the highest row number. */
const MAX_NUMBER_DIGITS = 16;

/** A text that may hold the number of the row once: before `rest`. */
type NumberedText = {
  readonly first: Piece;
  readonly rest: Piece | undefined;
  readonly maxBytes: number;
};

function compileText(text: string): NumberedText {
  const [first, rest] = text.split(ROW_NUMBER).map(pieceOf);
  const maxBytes = first!.length + (rest === undefined ? 0 : MAX_NUMBER_DIGITS + rest.length);
  return { first: first!, rest, maxBytes };
}

function putText(
  { first, rest }: NumberedText,
  out: DataView,
  start: number,
  digits: string,
): number {
  const to = putPiece(first, out, start);
  return rest === undefined ? to : putPiece(rest, out, putAscii(digits, out, to));
}
