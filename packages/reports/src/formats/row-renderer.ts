import type { Column, ColumnKind } from "../report.ts";
import type { FileFormat } from "./format.ts";
import { createSourceNameWriter, type SourceNames } from "./source-name.ts";
import { createTextWriter, writeWord, type TextRules } from "./text.ts";
import {
  createTimestampWriter,
  MAX_PLAIN_BYTES,
  writeDecimal,
  writeInteger,
  writeScaledDecimal,
  writeUuid,
  type WriteValue,
} from "./values.ts";

/** Renders rows of `COPY … (FORMAT binary)`, each as one message of the server carries it. */
export type RowRenderer = {
  /** The most bytes that a row of `length` bytes can become. */
  readonly room: (length: number) => number;
  /**
   * Writes `row` to `out` from position `to`.
   *
   * @returns the position after the row. `out` must have `room(row.length)` bytes left.
   */
  readonly render: (row: Buffer, out: Buffer, to: number) => number;
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
} as const satisfies Record<ColumnKind, (text: TextRules) => WriteValue>;

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
  const beforeRow = Buffer.from(format.beforeRow);
  const afterRow = Buffer.from(format.afterRow);
  const fixed = cells.reduce(
    (sum, { before, after, whenNull, maxBytes }) =>
      sum + Math.max(before.length + maxBytes + after.length, whenNull.length),
    beforeRow.length + afterRow.length,
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
    render: (row, out, start) => {
      locate(row);
      let to = put(beforeRow, out, start);
      for (const { input, before, after, whenNull, write } of cells) {
        const length = lengths[input]!;
        if (length < 0) {
          to = put(whenNull, out, to);
        } else {
          to = put(before, out, to);
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
  const value =
    column.lookup === "source-name"
      ? createSourceNameWriter(sourceNames, format.text)
      : { write: writers[column.kind](format.text), maxBytes: MAX_PLAIN_BYTES };
  return {
    ...value,
    input: column.input,
    before: Buffer.from(before),
    after: Buffer.from(after),
    whenNull: Buffer.from(whenNull),
  };
}

/** Faster than `Buffer.copy` for the few bytes that stand between values. */
function put(bytes: Buffer, out: Buffer, to: number): number {
  for (let index = 0; index < bytes.length; index += 1) out[to + index] = bytes[index]!;
  return to + bytes.length;
}
