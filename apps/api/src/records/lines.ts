import { isUtf8 } from "node:buffer";
import { MAX_LINE_BYTES } from "@docket/domain";

/** Takes lines in order, counted from 1. A faulty line comes as a fault and not as a text. */
export type TakeLine = {
  readonly line: (text: string, number: number) => void;
  readonly fault: (number: number, detail: string) => void;
};

/** Cuts a stream of bytes into lines of UTF-8, however it is cut into chunks. Keeps at most one line in memory. */
export type LineSplitter = {
  readonly push: (chunk: Buffer) => void;
  /** The last line needs no line feed. */
  readonly end: () => void;
};

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = "\ufeff";

const TOO_LONG = `the line is longer than ${MAX_LINE_BYTES} bytes; split the record, or shorten its texts`;
const NOT_UTF8 = "the line is not valid UTF-8; save the file as UTF-8";

export function createLineSplitter(take: TakeLine): LineSplitter {
  /** The beginning of a line whose end has not come yet. */
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  /** The pending line is too long: its bytes are dropped as they come. */
  let dropping = false;
  let number = 0;

  const emit = (text: string): void => {
    number += 1;
    // A byte order mark stands before the first line, if anywhere.
    take.line(number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, number);
  };
  const refuse = (detail: string): void => {
    number += 1;
    take.fault(number, detail);
  };
  /** One line at a time, to say which one is at fault. */
  const oneByOne = (block: Buffer): void => {
    for (let start = 0; start <= block.length;) {
      const found = block.indexOf(LINE_FEED, start);
      const end = found < 0 ? block.length : found;
      const line = block.subarray(
        start,
        block[end - 1] === CARRIAGE_RETURN && end > start ? end - 1 : end,
      );
      if (line.length > MAX_LINE_BYTES) refuse(TOO_LONG);
      else if (isUtf8(line)) emit(line.toString("utf8"));
      else refuse(NOT_UTF8);
      start = end + 1;
    }
  };
  /** Whole lines, without the last one's line feed. Decoding them together is what makes it fast. */
  const cut = (block: Buffer): void => {
    if (!isUtf8(block)) return oneByOne(block);
    const lines = block.toString("utf8").split("\n");
    // No character takes more than three bytes a code unit.
    if (lines.some((line) => line.length * 3 > MAX_LINE_BYTES)) return oneByOne(block);
    for (const line of lines) emit(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  const keep = (rest: Buffer): void => {
    if (dropping || rest.length === 0) return;
    pending.push(rest);
    pendingBytes += rest.length;
    // One more than the limit: a carriage return may be the last of them.
    if (pendingBytes > MAX_LINE_BYTES + 1) {
      dropping = true;
      pending = [];
      pendingBytes = 0;
    }
  };

  return {
    push: (chunk) => {
      const last = chunk.lastIndexOf(LINE_FEED);
      if (last < 0) return keep(chunk);
      let block = chunk.subarray(0, last);
      if (dropping) {
        refuse(TOO_LONG);
        dropping = false;
        const first = chunk.indexOf(LINE_FEED);
        if (first < last) cut(chunk.subarray(first + 1, last));
      } else {
        if (pendingBytes > 0) block = Buffer.concat([...pending, block]);
        cut(block);
      }
      pending = [];
      pendingBytes = 0;
      keep(chunk.subarray(last + 1));
    },
    end: () => {
      if (dropping) refuse(TOO_LONG);
      else if (pendingBytes > 0) cut(Buffer.concat(pending));
    },
  };
}
