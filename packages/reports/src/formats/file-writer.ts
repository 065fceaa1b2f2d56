import type { ExportSpec } from "@docket/domain";
import { bufferOf } from "./bytes.ts";
import { createRowRenderer, type RowLayout } from "./row-renderer.ts";

/** Memory to write to: from `position` on, after `reserve`, and followed by `advance`. */
export type ByteSink = {
  readonly buffer: Buffer;
  /** The bytes of `buffer`. */
  readonly view: DataView;
  readonly position: number;
  /** Makes sure that `buffer` has room for `bytes` after `position`. May replace `buffer` and `view`. */
  readonly reserve: (bytes: number) => void;
  /** Takes over what was written up to `position`. */
  readonly advance: (position: number) => void;
};

/** Writes a whole file from the messages of `COPY … (FORMAT binary)`. */
export type FileWriter = {
  /** Writes the content of one CopyData message, `length` bytes at `at`: the header, a row or the trailer. */
  readonly write: (content: DataView, at: number, length: number) => void;
  /** Writes the end of the file. Throws when the trailer has not arrived. */
  readonly end: () => void;
  /** The rows written so far. */
  readonly rows: () => number;
};

const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
/** The signature, the flags and the length of an extension, which no server sends. */
const HEADER_BYTES = SIGNATURE.length + 8;
const TRAILER = -1;

export type FileOptions = RowLayout & {
  readonly spec: ExportSpec;
  /** Called before the first byte of each entry of a file that is an archive. */
  readonly onEntry?: (name: string) => void;
};

export function createFileWriter(sink: ByteSink, file: FileOptions): FileWriter {
  const renderer = createRowRenderer(file);
  const frame = file.format.archive === undefined ? plainFrame : archiveFrame;
  const { beforeRow, end } = frame(file, (bytes) => {
    sink.reserve(bytes.length);
    sink.advance(sink.position + bytes.copy(sink.buffer, sink.position));
  });
  let rowCount = 0;
  let hasHeader = false;
  let hasTrailer = false;

  const writeRow = (rows: DataView, at: number, length: number): void => {
    const number = beforeRow(rowCount);
    sink.reserve(renderer.room(length));
    sink.advance(renderer.render(rows, at, length, sink.view, sink.position, number));
    rowCount += 1;
  };

  return {
    write: (content, at, length) => {
      // A server may send the first row with the header.
      const headerBytes = hasHeader ? 0 : readHeader(content, at, length);
      hasHeader = true;
      if (headerBytes === length) return;
      if (content.getInt16(at + headerBytes) === TRAILER) hasTrailer = true;
      else writeRow(content, at + headerBytes, length - headerBytes);
    },
    end: () => {
      if (!hasTrailer) throw new Error("COPY ended without its trailer");
      end(rowCount);
    },
    rows: () => rowCount,
  };
}

/** @returns its length. */
function readHeader(content: DataView, at: number, length: number): number {
  const start = bufferOf(content).subarray(at, at + SIGNATURE.length);
  if (!start.equals(SIGNATURE) || length < HEADER_BYTES)
    throw new Error("the server did not send a binary COPY");
  return HEADER_BYTES;
}

/** What stands around the rows. */
type Frame = {
  /** @param index of the row in the file. @returns the number of the row, for the formats that write it. */
  readonly beforeRow: (index: number) => number;
  readonly end: (rows: number) => void;
};

type CreateFrame = (file: FileOptions, put: (bytes: Buffer) => void) => Frame;

const plainFrame: CreateFrame = ({ format, spec, columns }, put) => {
  const head = format.head(spec, columns);
  const between = Buffer.from(format.betweenRows);
  return {
    beforeRow: (index) => {
      if (index === 0) put(Buffer.from(head));
      else if (between.length > 0) put(between);
      return index;
    },
    end: (rows) => put(Buffer.from(rows === 0 ? format.empty(head) : format.tail)),
  };
};

const archiveFrame: CreateFrame = ({ format, spec, columns, onEntry }, put) => {
  const archive = format.archive!;
  const rowsOf: number[] = [];
  const startEntry = (name: string, content: string): void => {
    onEntry?.(name);
    put(Buffer.from(content));
  };
  const startRows = (): void => {
    const number = rowsOf.push(0);
    startEntry(archive.entryName(number), archive.head(columns, number));
  };
  const endRows = (): void => put(Buffer.from(archive.tail(columns, rowsOf.at(-1)!)));
  for (const { name, content } of archive.before) startEntry(name, content);
  startRows();
  return {
    beforeRow: () => {
      if (rowsOf.at(-1) === archive.rowsPerEntry) {
        endRows();
        startRows();
      }
      return archive.firstRow + rowsOf[rowsOf.length - 1]!++;
    },
    end: () => {
      endRows();
      for (const { name, content } of archive.after(spec, columns, rowsOf))
        startEntry(name, content);
    },
  };
};
