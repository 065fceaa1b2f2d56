import type { Column, ColumnKind } from "../report.ts";
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
   * Writes `row` to `out` from position `to`.
   *
   * @param number the number of the row, for the formats that write it.
   * @returns the position after the row. `out` must have `room(row.length)` bytes left.
   */
  readonly render: (row: Buffer, out: Buffer, to: number, number?: number) => number;
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
  const afterRow = Buffer.from(format.afterRow);
  const isNumbered = format.archive !== undefined;
  const digits = Buffer.alloc(MAX_NUMBER_DIGITS);
  const fixed = cells.reduce(
    (sum, { before, after, whenNull, maxBytes }) =>
      sum + Math.max(before.maxBytes + maxBytes + after.length, whenNull.length),
    beforeRow.maxBytes + afterRow.length,
  );
  const growth = format.text.maxGrowth;
  const ats = new Int32Array(inputs);
  const lengths = new Int32Array(inputs);

  const locate = (row: Buffer): void => {
    if (row.readInt16BE(0) !== inputs) throw new Error("a row has the wrong number of columns");
    let at = 2;
    for (let input = 0; input < inputs; input += 1) {
      const length = row.readInt32BE(at);
      ats[input] = at + 4;
      lengths[input] = length;
      at += length < 0 ? 4 : 4 + length;
    }
    if (at !== row.length) throw new Error("a row is longer or shorter than its columns");
  };

  return {
    room: (length) => fixed + growth * length,
    render: (row, out, start, number = 0) => {
      locate(row);
      const numberText = isNumbered
        ? digits.subarray(0, digits.write(String(number), "latin1"))
        : digits;
      let to = beforeRow.put(out, start, numberText);
      for (const { input, before, after, whenNull, write } of cells) {
        const length = lengths[input]!;
        if (length < 0) {
          to = put(whenNull, out, to);
        } else {
          to = before.put(out, to, numberText);
          to = write(row, ats[input]!, length, out, to);
          to = put(after, out, to);
        }
      }
      return put(afterRow, out, to);
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
    after: Buffer.from(after),
    whenNull: Buffer.from(whenNull),
  };
}

/** The digits of the highest row number. */
const MAX_NUMBER_DIGITS = 16;

type NumberedText = {
  readonly maxBytes: number;
  readonly put: (out: Buffer, to: number, number: Buffer) => number;
};

/** A text that may hold the number of the row once. */
function compileText(text: string): NumberedText {
  const [first, rest] = text.split(ROW_NUMBER).map((part) => Buffer.from(part));
  if (rest === undefined)
    return { maxBytes: first!.length, put: (out, to) => put(first!, out, to) };
  return {
    maxBytes: first!.length + MAX_NUMBER_DIGITS + rest.length,
    put: (out, to, number) => put(rest, out, put(number, out, put(first!, out, to))),
  };
}

/** Faster than `Buffer.copy` for the few bytes that stand between values. */
function put(bytes: Buffer, out: Buffer, to: number): number {
  for (let index = 0; index < bytes.length; index += 1) out[to + index] = bytes[index]!;
  return to + bytes.length;
}
