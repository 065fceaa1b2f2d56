/**
 * Renderers read and write memory through DataViews: one access moves up to four bytes, where an array of bytes moves one.
 *
 * What is written in units of several bytes may reach up to `OVERRUN_BYTES` behind its end. The next write replaces these bytes, or they are not part of the file.
 */
export const OVERRUN_BYTES = 3;

export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** A Buffer of the same memory, for what a DataView cannot do. */
export const bufferOf = ({ buffer, byteOffset, byteLength }: DataView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** A fixed text that is written often. */
export type Piece = { readonly words: Uint32Array; readonly length: number };

export function pieceOf(text: string): Piece {
  const bytes = Buffer.from(text);
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  for (const [index, byte] of bytes.entries()) words[index >> 2]! |= byte << (8 * (index & 3));
  return { words, length: bytes.length };
}

/** @returns the position after the piece. */
export function putPiece({ words, length }: Piece, out: DataView, to: number): number {
  for (let index = 0; index < words.length; index += 1)
    out.setUint32(to + 4 * index, words[index]!, true);
  return to + length;
}

/** Writes a short text of ASCII. @returns the position after it. */
export function putAscii(text: string, out: DataView, to: number): number {
  for (let index = 0; index < text.length; index += 1)
    out.setUint8(to + index, text.charCodeAt(index));
  return to + text.length;
}

/** The texts of 0 to `count` - 1, in which one access writes up to four characters of ASCII. */
export const wordTable = (count: number, text: (n: number) => string): Uint32Array =>
  Uint32Array.from({ length: count }, (_, n) => pieceOf(text(n)).words[0]!);
