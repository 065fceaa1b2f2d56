import { isUtf8 } from "node:buffer";

const LINE_FEED = 0x0a;

/** Checks that a stream of bytes is UTF-8. Characters may be split between chunks. */
export type Utf8Check = {
  /** Returns how many bytes of the chunk come before the first line that is not UTF-8. */
  readonly push: (chunk: Buffer) => number;
  /** False if the last character is incomplete. */
  readonly isComplete: () => boolean;
};

export function createUtf8Check(): Utf8Check {
  /** The start of a character whose end has not arrived yet. */
  let rest: Buffer = Buffer.alloc(0);
  return {
    push: (chunk) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const whole = bytes.subarray(0, endOfCharacters(bytes));
      if (!isUtf8(whole)) return Math.max(0, firstBadLine(whole) - rest.length);
      rest = Buffer.from(bytes.subarray(whole.length));
      return chunk.length;
    },
    isComplete: () => rest.length === 0,
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

/** Returns the end of the last complete character, which is at most three bytes before the end. */
function endOfCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    const isLead = byte >= 0xc0;
    if (isLead) return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

const sequenceLength = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);
