import type { CheckRecord, LineFaults } from "@docket/domain";
import { copyRow } from "@docket/platform/database";
import { createLineSplitter } from "./records-lines.ts";
import type { RecordReader } from "./records-reader.ts";

const BLANK = /^[ \t\r]*$/;

/** Reads `application/x-ndjson`: one JSON object a line. Blank lines are counted and skipped. */
export function ndjsonReader(check: CheckRecord, faults: LineFaults): RecordReader {
  let rows = "";
  let current = 0;
  const takeRow = (cells: readonly (string | null)[]): void => {
    rows += copyRow(current, cells);
  };
  const takeFault = (field: string, detail: string): void => faults.add(current, field, detail);
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
      check(record, takeRow, takeFault);
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
    isOver: faults.full,
  };
}

const NOT_JSON =
  "the line is not valid JSON; send one JSON object a line, with nothing between the lines";
const HAS_NUL = "the line holds the character NUL";
