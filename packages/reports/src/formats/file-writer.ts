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

export function createFileWriter(
  sink: ByteSink,
  file: RowLayout & { readonly spec: ExportSpec },
): FileWriter {
  const { format, spec, columns } = file;
  const head = format.head(spec, columns);
  const renderer = createRowRenderer(file);
  const between = Buffer.from(format.betweenRows);
  let rows = 0;
  let hasHeader = false;
  let hasTrailer = false;

  const put = (text: string): void => {
    sink.reserve(Buffer.byteLength(text));
    sink.advance(sink.position + sink.buffer.write(text, sink.position));
  };
  const writeRow = (row: Buffer): void => {
    if (rows === 0) put(head);
    sink.reserve(between.length + renderer.room(row.length));
    const start =
      rows === 0 ? sink.position : sink.position + between.copy(sink.buffer, sink.position);
    sink.advance(renderer.render(row, sink.buffer, start));
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
      put(rows === 0 ? format.empty(head) : format.tail);
    },
    rows: () => rows,
  };
}
