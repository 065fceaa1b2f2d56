import { isUtf8 } from "node:buffer";
import { MAX_LINE_BYTES } from "@docket/domain";

/**
 * Looks at a CSV's bytes before they are parsed: the parser would replace what is no UTF-8 silently, and keep all cells of a
 * record in memory however many there are.
 */
export type CsvGuard = {
  /** How many of these bytes may be parsed: all of them, or those before the first fault. */
  readonly push: (chunk: Buffer) => number;
  /** True when there was no fault. */
  readonly end: () => boolean;
};

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

const NOT_UTF8 = "the line is not valid UTF-8; save the file as UTF-8";
const TOO_LONG = `the line is longer than ${MAX_LINE_BYTES} bytes; shorten its texts, or close a quote that was left open`;

/** Tells the first fault, and its line. After it nothing may be parsed any more. */
export function csvGuard(fault: (line: number, detail: string) => void): CsvGuard {
  const utf8 = utf8Check();
  let over = false;
  let line = 1;
  /** Where the record began: its line, and its place in the next chunk (negative: before it). */
  let firstLine = 1;
  let start = 0;
  let quoted = false;

  /** True when a record up to `end` is too long. */
  const isTooLong = (end: number): boolean => end - start > MAX_LINE_BYTES;
  const tellTooLong = (): number => {
    over = true;
    fault(firstLine, TOO_LONG);
    return Math.max(0, start);
  };
  return {
    push: (chunk) => {
      if (over) return 0;
      const sound = utf8.push(chunk);
      for (let at = 0; at < sound; at += 1) {
        const byte = chunk[at];
        // A quote inside of quotes is written twice: that turns it off and on again.
        if (byte === QUOTE) quoted = !quoted;
        else if (byte === LINE_FEED) {
          line += 1;
          if (quoted) continue;
          if (isTooLong(chunk[at - 1] === CARRIAGE_RETURN ? at - 1 : at)) return tellTooLong();
          firstLine = line;
          start = at + 1;
        }
      }
      // One more than the limit: a carriage return may be the last of them.
      if (isTooLong(sound - 1)) return tellTooLong();
      start -= chunk.length;
      if (sound === chunk.length) return sound;
      over = true;
      fault(line, NOT_UTF8);
      return sound;
    },
    end: () => {
      if (over) return false;
      if (isTooLong(0)) tellTooLong();
      else if (!utf8.isWhole()) fault(line, NOT_UTF8);
      else return true;
      return false;
    },
  };
}

/** Checks UTF-8 however it is cut into chunks. */
function utf8Check(): {
  /** How many bytes of the chunk come before the first line that is at fault. */
  readonly push: (chunk: Buffer) => number;
  /** False when the last character is not complete. */
  readonly isWhole: () => boolean;
} {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push: (chunk) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const before = rest.length;
      const whole = bytes.subarray(0, wholeCharacters(bytes));
      if (!isUtf8(whole)) return Math.max(0, firstBadLine(whole) - before);
      rest = Buffer.from(bytes.subarray(whole.length));
      return chunk.length;
    },
    isWhole: () => rest.length === 0,
  };
}

function firstBadLine(bytes: Buffer): number {
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return start;
    start = end + 1;
  }
}

/** Where the last character that may still be incomplete begins: at most three bytes before the end. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    // A lead byte that announces more bytes than have come.
    if (byte >= 0xc0)
      return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
