import type { ExportSpec } from "@docket/domain";
import { createRowRenderer, type RowLayout } from "./row-renderer.ts";

/** Memory to write to: from `position` on, after `reserve`, and followed by `advance`. */
export type ByteSink = {
  readonly buffer: Buffer;
  readonly position: number;
  /** Makes sure that `buffer` has room for `bytes` after `position`. May replace `buffer`. */
  readonly reserve: (bytes: number) => void;
  /** Takes over what was written up to `position`. */
  readonly advance: (position: number) => void;
};

/** Writes a whole file from the messages of `COPY … (FORMAT binary)`. */
export type FileWriter = {
  /** Writes the rows of one CopyData message, which holds the header, a row or the trailer. */
  readonly write: (message: Buffer) => void;
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
  let rows = 0;
  let hasHeader = false;
  let hasTrailer = false;

  const writeRow = (row: Buffer): void => {
    const number = beforeRow(rows);
    sink.reserve(renderer.room(row.length));
    sink.advance(renderer.render(row, sink.buffer, sink.position, number));
    rows += 1;
  };
  const withoutHeader = (message: Buffer): Buffer => {
    if (!message.subarray(0, SIGNATURE.length).equals(SIGNATURE) || message.length < HEADER_BYTES)
      throw new Error("the server did not send a binary COPY");
    hasHeader = true;
    return message.subarray(HEADER_BYTES);
  };

  return {
    write: (message) => {
      const content = hasHeader ? message : withoutHeader(message);
      if (content.length === 0) return;
      if (content.readInt16BE(0) === TRAILER) hasTrailer = true;
      else writeRow(content);
    },
    end: () => {
      if (!hasTrailer) throw new Error("COPY ended without its trailer");
      end(rows);
    },
    rows: () => rows,
  };
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
