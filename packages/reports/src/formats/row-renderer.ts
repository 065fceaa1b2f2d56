import type { Column, ColumnKind } from "../report.ts";
import type { CreateWriter, FileFormat } from "./format.ts";
import { compileRow, fixedBytes, type RenderRow, type RowProgram } from "./row-program.ts";
import { createSourceTable, type SourceNames } from "./source-name.ts";
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
    number: number,
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

/** What the renderer of a file is made of. */
export type RowLayout = {
  readonly format: FileFormat;
  readonly columns: readonly RenderedColumn[];
  /** The number of values in each row. */
  readonly inputs: number;
  /** Of all sources of the context. */
  readonly sourceNames: SourceNames;
};

export function createRowRenderer(layout: RowLayout): RowRenderer {
  const { format, columns } = layout;
  const { render, fixed } = compiled(layout);
  const lookups = columns.filter(({ lookup }) => lookup !== undefined).length;
  // A context may have 1,000 sources: a file without their names renders none of them.
  const sources = createSourceTable(lookups === 0 ? new Map() : layout.sourceNames, format.text);
  const fixedRoom =
    fixed + (columns.length - lookups) * MAX_PLAIN_BYTES + lookups * sources.maxBytes;
  const growth = format.text.maxGrowth;
  return {
    room: (length) => fixedRoom + growth * length,
    render: (rows, at, length, out, to, number) =>
      render(rows, at, length, out, to, number, sources),
  };
}

type CompiledRow = { readonly render: RenderRow; readonly fixed: number };

/**
 * Exports of the same columns share the function, which V8 has optimized after some 10,000 rows. The most recently used ones
 * are kept, because a client may choose any columns in any order.
 */
const cache = new WeakMap<FileFormat, Map<string, CompiledRow>>();
const CACHED_PER_FORMAT = 64;

function compiled({ format, columns, inputs }: RowLayout): CompiledRow {
  const ofFormat = cache.get(format) ?? new Map<string, CompiledRow>();
  cache.set(format, ofFormat);
  const key = JSON.stringify([
    inputs,
    columns.map(({ name, kind, input, lookup }) => [name, kind, input, lookup]),
  ]);
  const row = ofFormat.get(key) ?? compile(programOf(format, columns, inputs));
  ofFormat.delete(key);
  ofFormat.set(key, row);
  const [oldest] = ofFormat.keys();
  if (ofFormat.size > CACHED_PER_FORMAT) ofFormat.delete(oldest!);
  return row;
}

const compile = (program: RowProgram): CompiledRow => ({
  render: compileRow(program),
  fixed: fixedBytes(program),
});

const programOf = (
  format: FileFormat,
  columns: readonly RenderedColumn[],
  inputs: number,
): RowProgram => ({
  inputs,
  beforeRow: format.beforeRow,
  cells: columns.map((column, index) => ({
    ...format.cell(column, index),
    input: column.input,
    write:
      column.lookup === "source-name"
        ? undefined
        : (format.writers?.[column.kind] ?? writers[column.kind])(format.text, column),
  })),
  afterRow: format.afterRow,
});
