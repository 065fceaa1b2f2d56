import { MAX_LINE_BYTES } from "@docket/domain";
import { decodeLines, LINE_FEED, LINE_TOO_LONG, type DecodedLine } from "./decode-lines.ts";

/** Receives lines in order, counted from 1: each one as a text or as a fault. */
export type LineHandler = {
  readonly line: (text: string, number: number) => void;
  readonly fault: (number: number, detail: string) => void;
};

/** Splits a stream of bytes into lines of UTF-8. Holds at most one line in memory. */
export type LineSplitter = {
  readonly push: (chunk: Buffer) => void;
  /** Ends the input. The last line needs no line feed. */
  readonly end: () => void;
};

const BYTE_ORDER_MARK = "\ufeff";

export function createLineSplitter(handler: LineHandler): LineSplitter {
  const partial: PartialLine = { chunks: [], bytes: 0, isTooLong: false };
  let number = 0;
  const emit = (lines: readonly DecodedLine[]): void => {
    for (const line of lines) {
      number += 1;
      if (typeof line !== "string") handler.fault(number, line.fault);
      else if (number === 1 && line.startsWith(BYTE_ORDER_MARK)) handler.line(line.slice(1), 1);
      else handler.line(line, number);
    }
  };
  return {
    push: (chunk) => {
      const last = chunk.lastIndexOf(LINE_FEED);
      if (last >= 0) emit(complete(partial, chunk.subarray(0, last)));
      append(partial, chunk.subarray(last + 1));
    },
    end: () => {
      if (partial.isTooLong || partial.bytes > 0) emit(complete(partial, Buffer.alloc(0)));
    },
  };
}

/** The start of a line whose end has not arrived yet. */
type PartialLine = {
  chunks: Buffer[];
  bytes: number;
  /** The line is over the limit, and its bytes are dropped. */
  isTooLong: boolean;
};

function append(partial: PartialLine, bytes: Buffer): void {
  if (partial.isTooLong || bytes.length === 0) return;
  partial.chunks.push(bytes);
  partial.bytes += bytes.length;
  // One more than the limit, because the last byte may be a carriage return.
  if (partial.bytes <= MAX_LINE_BYTES + 1) return;
  clear(partial);
  partial.isTooLong = true;
}

/** Completes the partial line with the first line of `block`, and decodes it and the rest of the block. */
function complete(partial: PartialLine, block: Buffer): readonly DecodedLine[] {
  const { chunks, isTooLong } = partial;
  clear(partial);
  if (!isTooLong)
    return decodeLines(chunks.length === 0 ? block : Buffer.concat([...chunks, block]));
  const first = block.indexOf(LINE_FEED);
  return first < 0 ? [LINE_TOO_LONG] : [LINE_TOO_LONG, ...decodeLines(block.subarray(first + 1))];
}

function clear(partial: PartialLine): void {
  partial.chunks = [];
  partial.bytes = 0;
  partial.isTooLong = false;
}
