import type { CheckRecord, LineFaults } from "@docket/domain";
import { copyRow } from "@docket/platform/ingest";
import { createLineSplitter } from "./lines.ts";
import type { RecordReader } from "./reader.ts";

const BLANK = /^[ \t\r]*$/;

/** Reads `application/x-ndjson`: one JSON object a line. Blank lines are counted and skipped. */
export function ndjsonReader(check: CheckRecord, faults: LineFaults): RecordReader {
  let rows = "";
  let current = 0;
  const takeRow = (cells: readonly (string | null)[]): void => {
    rows += copyRow(current, cells);
  };
  let sound = true;
  const takeFault = (field: string, detail: string): void => {
    sound = false;
    faults.add(current, field, detail);
  };
  const splitter = createLineSplitter({
    line: (text, number) => {
      if (BLANK.test(text)) return;
      current = number;
      let record: unknown;
      try {
        record = JSON.parse(text);
      } catch {
        faults.add(number, "", text.includes("\0") ? HAS_NUL : NOT_JSON);
        return;
      }
      sound = true;
      check(record, takeRow, takeFault);
      if (sound && namesTwice(text, record as Members)) takeFault("", NAMED_TWICE);
    },
    fault: (number, detail) => faults.add(number, "", detail),
  });
  const taken = (): string => {
    const read = rows;
    rows = "";
    return read;
  };
  return {
    push: async (chunk) => {
      splitter.push(chunk);
      return taken();
    },
    end: async () => {
      splitter.end();
      return taken();
    },
    isOver: faults.isFull,
  };
}

const NOT_JSON =
  "the line is not valid JSON; send one JSON object a line, with nothing between the lines";
const HAS_NUL = "the line holds the character NUL; take it out, and save the file as UTF-8";
const NAMED_TWICE = "the line names a field twice; name each field once";

type Members = Readonly<Record<string, unknown>>;

/** True when the text of a sound record names more fields than the record has: JSON.parse keeps the last of two silently. */
function namesTwice(text: string, record: Members): boolean {
  const { items } = record;
  let names = Object.keys(record).length;
  if (Array.isArray(items)) for (const item of items as object[]) names += Object.keys(item).length;
  // There are as many colons as names at least, and most lines have no others: timestamps do.
  return count(text, ":") !== names && membersOf(text) !== names;
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}

/** A string of JSON, and the colon behind it if it is a name. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

function membersOf(text: string): number {
  let members = 0;
  for (const [, colon] of text.matchAll(STRINGS)) if (colon !== undefined) members += 1;
  return members;
}
