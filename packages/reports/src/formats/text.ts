import { bufferOf } from "./bytes.ts";
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

/** Copies a text by two bytes at a time. Few texts hold a suspect: only they become strings, escaped in plain code. */
export function createTextWriter(rules: TextRules): WriteValue {
  const { isSuspect, isFirstSuspect, holdsSuspect } = tablesOf(rules);

  /** Returns false, with some of it written, if the text holds a suspect. */
  const copy = (row: DataView, at: number, length: number, out: DataView, to: number): boolean => {
    if (length === 0 || isFirstSuspect[row.getUint8(at)] === 1) return false;
    let index = 0;
    for (; index < length - 1; index += 2) {
      const pair = row.getUint16(at + index, true);
      if (holdsSuspect[pair] === 1) return false;
      out.setUint16(to + index, pair, true);
    }
    if (index === length) return true;
    const last = row.getUint8(at + index);
    out.setUint8(to + index, last);
    return isSuspect[last] === 0;
  };

  return (row, at, length, out, to) => {
    if (copy(row, at, length, out, to)) return to + length;
    const text = bufferOf(row).toString("utf8", at, at + length);
    return to + bufferOf(out).write(rules.escape(text), to);
  };
}

type Tables = {
  /** By a byte. */
  readonly isSuspect: Uint8Array;
  readonly isFirstSuspect: Uint8Array;
  /** By two bytes, the first one in the lower bits. */
  readonly holdsSuspect: Uint8Array;
};

/** All columns and exports of a format share its tables. */
const tables = new WeakMap<TextRules, Tables>();

function tablesOf(rules: TextRules): Tables {
  const known = tables.get(rules);
  if (known !== undefined) return known;
  const { suspects, firstSuspects = [] } = rules;
  const isSuspect = flags(suspects);
  const created = {
    isSuspect,
    isFirstSuspect: flags([...suspects, ...firstSuspects]),
    holdsSuspect: Uint8Array.from(
      { length: 65_536 },
      (_, pair) => isSuspect[pair & 0xff]! | isSuspect[pair >> 8]!,
    ),
  };
  tables.set(rules, created);
  return created;
}

const flags = (bytes: readonly number[]): Uint8Array => {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
};

/** Copies a text of a fixed vocabulary, in which no format has anything to escape. */
export const writeWord: WriteValue = (row, at, length, out, to) => {
  for (let index = 0; index < length; index += 1)
    out.setUint8(to + index, row.getUint8(at + index));
  return to + length;
};
