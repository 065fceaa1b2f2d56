import { bufferOf, pieceOf, putPiece, type Piece } from "./bytes.ts";
import type { WriteValue } from "./values.ts";

/** How a format writes a caller's text. */
export type TextRules = {
  /** Characters that may need an escape anywhere in a text. One beyond ASCII includes all with the same first byte. */
  readonly suspects: string;
  /** The same for the first character alone: such a text is always escaped as a whole. */
  readonly firstSuspects?: string;
  /** What stands in place of a suspect of ASCII, if that depends on no other character. */
  readonly replacements?: Readonly<Record<string, string>>;
  /** Written before and after a text that holds a replacement. */
  readonly quote?: string;
  /** The whole value; called for a text with a suspect that has no replacement, and for an empty one. */
  readonly escape: (text: string) => string;
  /** The most bytes that one byte of a text can become. */
  readonly maxGrowth: number;
};

/**
 * Copies a text by two bytes at a time. One that holds a suspect is written byte by byte, with replacements. The few that need more
 * become strings, escaped in plain code.
 */
export function createTextWriter(rules: TextRules): WriteValue {
  const { isSuspect, isFirstSuspect, holdsSuspect, replacements, quote } = tablesOf(rules);

  /** Returns false, with some of it written, if the text holds a suspect. */
  const copy = (row: DataView, at: number, length: number, out: DataView, to: number): boolean => {
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

  /** Returns undefined, with some of it written, if a suspect has no replacement. */
  const replace: ReplaceBytes = (row, at, length, out, start) => {
    let to = putPiece(quote, out, start);
    for (let index = at; index < at + length; index += 1) {
      const byte = row.getUint8(index);
      const replacement = replacements[byte];
      if (replacement !== undefined) to = putPiece(replacement, out, to);
      else if (isSuspect[byte] === 1) return undefined;
      else out.setUint8(to++, byte);
    }
    return putPiece(quote, out, to);
  };

  const escape: WriteValue = (row, at, length, out, to) => {
    const text = bufferOf(row).toString("utf8", at, at + length);
    return to + bufferOf(out).write(rules.escape(text), to);
  };

  return (row, at, length, out, to) => {
    if (length === 0 || isFirstSuspect[row.getUint8(at)] === 1)
      return escape(row, at, length, out, to);
    if (copy(row, at, length, out, to)) return to + length;
    return replace(row, at, length, out, to) ?? escape(row, at, length, out, to);
  };
}

type ReplaceBytes = (...parameters: Parameters<WriteValue>) => number | undefined;

type Tables = {
  /** By a byte. */
  readonly isSuspect: Uint8Array;
  readonly isFirstSuspect: Uint8Array;
  /** By two bytes, the first one in the lower bits. */
  readonly holdsSuspect: Uint8Array;
  /** By a byte. */
  readonly replacements: readonly (Piece | undefined)[];
  readonly quote: Piece;
};

/** All columns and exports of a format share its tables. */
const tables = new WeakMap<TextRules, Tables>();

function tablesOf(rules: TextRules): Tables {
  const known = tables.get(rules);
  if (known !== undefined) return known;
  const { suspects, firstSuspects = "", replacements = {}, quote = "" } = rules;
  const isSuspect = flags(suspects);
  const pieces: (Piece | undefined)[] = Array.from({ length: 256 }, () => undefined);
  for (const [character, text] of Object.entries(replacements))
    pieces[character.charCodeAt(0)] = pieceOf(text);
  const created = {
    isSuspect,
    isFirstSuspect: flags(firstSuspects),
    holdsSuspect: Uint8Array.from(
      { length: 65_536 },
      (_, pair) => isSuspect[pair & 0xff]! | isSuspect[pair >> 8]!,
    ),
    replacements: pieces,
    quote: pieceOf(quote),
  };
  tables.set(rules, created);
  return created;
}

/** Marks the first byte of each character. */
const flags = (characters: string): Uint8Array => {
  const table = new Uint8Array(256);
  for (const character of characters) table[Buffer.from(character)[0]!] = 1;
  return table;
};

/** Copies a text of a fixed vocabulary, in which no format has anything to escape. */
export const writeWord: WriteValue = (row, at, length, out, to) => {
  for (let index = 0; index < length; index += 1)
    out.setUint8(to + index, row.getUint8(at + index));
  return to + length;
};
