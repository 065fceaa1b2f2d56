import type { ExportSpec } from "@docket/domain";
import { createGrowingMemory } from "@docket/testing";
import { viewOf } from "../../src/formats/bytes.ts";
import { fileFormats } from "../../src/formats/catalogue.ts";
import { createFileWriter } from "../../src/formats/file-writer.ts";
import type { FileFormat } from "../../src/formats/format.ts";
import { createZip } from "../../src/packing/zip.ts";
import type { Column } from "../../src/report.ts";
import { binaryRow, type Value } from "./binary-row.ts";

const spec: ExportSpec = {
  reportType: "MATCHED",
  format: "XLSX",
  contextId: "01980000-0000-7000-8000-000000000001",
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
};

const HEADER = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

type Options = {
  readonly rowsPerEntry?: number;
  /** Sizes above it are written as ZIP64. */
  readonly maxPlain?: number;
  /** Bytes that are packed at once. */
  readonly chunkBytes?: number;
};

/** The workbook with these rows. */
export async function xlsxFile(
  columns: readonly Pick<Column, "name" | "kind">[],
  rows: readonly (readonly Value[])[],
  { rowsPerEntry, maxPlain, chunkBytes = 262_144 }: Options = {},
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const zip = createZip((bytes) => void chunks.push(bytes), maxPlain);
  const { sink } = createGrowingMemory();
  const writer = createFileWriter(sink, {
    spec,
    format: withRowsPerEntry(fileFormats.XLSX, rowsPerEntry),
    columns: columns.map((column, input) => ({ ...column, input })),
    inputs: columns.length,
    sourceNames: new Map(),
    onEntry: (name) => zip.startEntry(name, sink.position),
  });
  const write = (message: Buffer): void => writer.write(viewOf(message), 0, message.length);
  write(HEADER);
  const kinds = columns.map(({ kind }) => kind);
  for (const values of rows) write(binaryRow(kinds, values));
  write(TRAILER);
  writer.end();
  for (let from = 0; from < sink.position; from += chunkBytes)
    await zip.write(sink.buffer.subarray(from, Math.min(from + chunkBytes, sink.position)));
  await zip.end();
  return Buffer.concat(chunks);
}

const withRowsPerEntry = (format: FileFormat, rowsPerEntry: number | undefined): FileFormat =>
  rowsPerEntry === undefined
    ? format
    : { ...format, archive: { ...format.archive!, rowsPerEntry } };
