import type { CheckRecord, LineFaults } from "@docket/domain";
import { createLineSplitter } from "./lines.ts";
import { createRowBatch, type RecordReader } from "./reader.ts";

const BLANK = /^[ \t\r]*$/;

const NOT_JSON =
  "the line is not valid JSON; send one JSON object per line, with nothing between the lines";
const HAS_NUL = "the line contains the character NUL; remove it, and save the file as UTF-8";
const DUPLICATE_FIELD = "the line contains a field twice; send each field once";

/** Reads `application/x-ndjson`: one JSON object per line. Blank lines are counted and skipped. */
export function ndjsonReader(check: CheckRecord, faults: LineFaults): RecordReader {
  const batch = createRowBatch();
  const splitter = createLineSplitter({
    line: (text, line) => {
      if (faults.isFull() || BLANK.test(text)) return;
      const record = parse(text);
      if (record === undefined) {
        return faults.add(line, "", text.includes("\0") ? HAS_NUL : NOT_JSON);
      }
      let isValid = true;
      check(
        record,
        (cells) => batch.add({ line, cells }),
        (field, detail) => {
          isValid = false;
          faults.add(line, field, detail);
        },
      );
      if (isValid && hasDuplicateField(text, record as Members)) {
        faults.add(line, "", DUPLICATE_FIELD);
      }
    },
    fault: (line, detail) => faults.add(line, "", detail),
  });
  return {
    push: async (chunk) => {
      splitter.push(chunk);
      return batch.take();
    },
    end: async () => {
      splitter.end();
      return batch.take();
    },
    isDone: faults.isFull,
  };
}

/** Undefined if the text is not JSON, which has no such value. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Members = Readonly<Record<string, unknown>>;

/** JSON.parse silently keeps the last of two equal names, so the names of a valid record are counted in its text as well. */
function hasDuplicateField(text: string, record: Members): boolean {
  const { items } = record;
  const objects = Array.isArray(items) ? [record, ...(items as Members[])] : [record];
  // Without escapes, each colon of the text follows a name or is in a value. More than that belong to a name that is there twice.
  const isPlain = !text.includes("\\");
  return isPlain
    ? count(text, ":") !== sum(objects.map(colons))
    : countNames(text) !== sum(objects.map((members) => Object.keys(members).length));
}

/** How many colons an object has in JSON without escapes: one for each name, and those in its strings. */
function colons(members: Members): number {
  let found = 0;
  for (const value of Object.values(members)) {
    found += 1;
    if (typeof value === "string") found += count(value, ":");
  }
  return found;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}

/** A JSON string, with the colon after it if it is a name. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

function countNames(text: string): number {
  let names = 0;
  for (const [, colon] of text.matchAll(STRINGS)) if (colon !== undefined) names += 1;
  return names;
}
