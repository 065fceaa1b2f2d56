import { isUtf8 } from "node:buffer";
import { MAX_LINE_BYTES } from "@docket/domain";

export const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line without its line ending, or what is wrong with it. */
export type DecodedLine = string | { readonly fault: string };

export const LINE_TOO_LONG: DecodedLine = {
  fault: `the line is longer than ${MAX_LINE_BYTES} bytes; split the record, or shorten its texts`,
};
const NOT_UTF8: DecodedLine = {
  fault: "the line is not valid UTF-8; save the file as UTF-8",
};

/** Decodes whole lines. The line feed of the last one must have been removed. */
export function decodeLines(block: Buffer): readonly DecodedLine[] {
  // Decoding all lines together is several times faster than one by one.
  if (!isUtf8(block)) return decodeEach(block);
  const text = block.toString("utf8");
  const lines = text.split("\n");
  // UTF-8 needs at most three bytes for a UTF-16 code unit.
  if (lines.some((line) => line.length * 3 > MAX_LINE_BYTES)) return decodeEach(block);
  if (!text.includes("\r")) return lines;
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

/** Decodes line by line, to tell which ones are at fault. */
function decodeEach(block: Buffer): readonly DecodedLine[] {
  const lines: DecodedLine[] = [];
  for (let start = 0; start <= block.length;) {
    const lineFeed = block.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? block.length : lineFeed;
    const endsInReturn = end > start && block[end - 1] === CARRIAGE_RETURN;
    lines.push(decodeLine(block.subarray(start, endsInReturn ? end - 1 : end)));
    start = end + 1;
  }
  return lines;
}

function decodeLine(bytes: Buffer): DecodedLine {
  if (bytes.length > MAX_LINE_BYTES) return LINE_TOO_LONG;
  return isUtf8(bytes) ? bytes.toString("utf8") : NOT_UTF8;
}
