import type { WriteValue } from "./values.ts";

/** How a format writes a caller's text. */
export type TextRules = {
  /** ASCII characters, and the first bytes of longer ones, that may need an escape anywhere in a text. */
  readonly suspects: readonly number[];
  /** The same for a text's first byte alone. */
  readonly firstSuspects?: readonly number[];
  /** The whole value; called for a text that holds a suspect, and for an empty one. */
  readonly escape: (text: string) => string;
  /** The most bytes that one byte of a text can become. */
  readonly maxGrowth: number;
};

/** Copies a text byte by byte. Few texts hold a suspect: only they become strings, escaped in plain code. */
export function createTextWriter({ suspects, firstSuspects = [], escape }: TextRules): WriteValue {
  const isSuspect = flags(suspects);
  const isFirstSuspect = flags([...suspects, ...firstSuspects]);
  return (row, at, length, out, to) => {
    if (length > 0 && isFirstSuspect[row[at]!] === 0) {
      let index = 0;
      for (; index < length; index += 1) {
        const byte = row[at + index]!;
        if (isSuspect[byte] === 1) break;
        out[to + index] = byte;
      }
      if (index === length) return to + length;
    }
    return to + out.write(escape(row.toString("utf8", at, at + length)), to);
  };
}

const flags = (bytes: readonly number[]): Uint8Array => {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
};

/** Copies a text of a fixed vocabulary, in which no format has anything to escape. */
export const writeWord: WriteValue = (row, at, length, out, to) => {
  for (let index = 0; index < length; index += 1) out[to + index] = row[at + index]!;
  return to + length;
};
