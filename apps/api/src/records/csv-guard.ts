import { MAX_LINE_BYTES } from "@docket/domain";
import { createUtf8Check } from "./utf8-check.ts";

/**
 * Checks the bytes of a CSV before they are parsed, because the parser silently replaces invalid UTF-8, and holds all cells
 * of a record in memory, however many there are.
 */
export type CsvGuard = {
  /** Returns how many bytes of the chunk may be parsed: all, or those before the first fault. */
  readonly push: (chunk: Buffer) => number;
  /** Returns true if there was no fault. */
  readonly end: () => boolean;
};

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

const NOT_UTF8 = "the line is not valid UTF-8; save the file as UTF-8";
const TOO_LONG = `the line is longer than ${MAX_LINE_BYTES} bytes; shorten its texts, or close an open quote`;

/** Reports the first fault only; nothing may be parsed after it. */
export function createCsvGuard(onFault: (line: number, detail: string) => void): CsvGuard {
  const utf8 = createUtf8Check();
  const position: Position = { line: 1, firstLine: 1, start: 0, isQuoted: false };
  let hasFault = false;
  const fault = (line: number, detail: string): void => {
    hasFault = true;
    onFault(line, detail);
  };
  return {
    push: (chunk) => {
      if (hasFault) return 0;
      const valid = utf8.push(chunk);
      const isShort = scanRecords(chunk.subarray(0, valid), position);
      if (!isShort) fault(position.firstLine, TOO_LONG);
      else if (valid < chunk.length) fault(position.line, NOT_UTF8);
      const readable = isShort ? valid : Math.max(0, position.start);
      position.start -= chunk.length;
      return readable;
    },
    end: () => {
      if (hasFault) return false;
      if (isTooLong(position, 0)) fault(position.firstLine, TOO_LONG);
      else if (!utf8.isComplete()) fault(position.line, NOT_UTF8);
      return !hasFault;
    },
  };
}

/** The record that is being read. */
type Position = {
  line: number;
  /** The first line of the record. */
  firstLine: number;
  /** Where the record starts, relative to the current chunk; negative if it started in an earlier one. */
  start: number;
  isQuoted: boolean;
};

const isTooLong = ({ start }: Position, end: number): boolean => end - start > MAX_LINE_BYTES;

/** Moves `position` to the end of `bytes`. Returns false, and stops, at a record that is too long. */
function scanRecords(bytes: Buffer, position: Position): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    // A quote inside quotes is doubled, which leaves the quotes and enters them again.
    if (byte === QUOTE) position.isQuoted = !position.isQuoted;
    if (byte !== LINE_FEED) continue;
    position.line += 1;
    if (position.isQuoted) continue;
    const hasReturn = bytes[at - 1] === CARRIAGE_RETURN;
    if (isTooLong(position, hasReturn ? at - 1 : at)) return false;
    position.firstLine = position.line;
    position.start = at + 1;
  }
  // One byte more than the limit is allowed here, because it may be a carriage return.
  return !isTooLong(position, bytes.length - 1);
}
