import { isUtf8 } from "node:buffer";
import {
  checkCsvHeader,
  MAX_LINE_BYTES,
  type CheckRecord,
  type LineFaults,
  type RecordKind,
} from "@docket/domain";
import { copyRow } from "@docket/platform/database";
import { CsvError, parse } from "csv-parse";
import type { RecordReader } from "./records-reader.ts";

/**
 * Reads `text/csv` (RFC 4180, UTF-8, comma, header first). A blank cell is a field left out; a record may run over several
 * lines inside of quotes and is told by its first one. After a fault in the quoting nothing can be read any more.
 */
export function csvReader(kind: RecordKind, check: CheckRecord, faults: LineFaults): RecordReader {
  let rows = "";
  let header: readonly string[] | undefined;
  let current = 1;
  let over = false;
  const takeRow = (cells: readonly (string | null)[]): void => {
    rows += copyRow(current, cells);
  };
  const takeFault = (field: string, detail: string): void => faults.add(current, field, detail);

  const takeHeader = (names: readonly string[]): void => {
    header = names;
    checkCsvHeader(kind, names, takeFault);
    // Every line would repeat what is wrong with the header.
    over = faults.any();
  };
  const takeRecord = (cells: readonly string[]): void => {
    if (header === undefined) return takeHeader(cells);
    if (over) return;
    if (cells.length !== header.length) {
      return takeFault(
        "",
        `the line has ${cells.length} cells and the header ${header.length}; quote cells that hold a comma`,
      );
    }
    const record: Record<string, string | null> = {};
    for (const [index, name] of header.entries()) {
      const cell = cells[index]!;
      record[name] = cell.trim() === "" ? null : cell;
    }
    check(record, takeRow, takeFault);
  };

  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE_BYTES,
    on_record: (record: string[], { lines }) => {
      // Counted to the end of the record.
      current = lines - lineBreaksIn(record);
      takeRecord(record);
      // Nothing goes on into the parser's own, slower, stream of objects.
      return null;
    },
  });
  // Errors reach us through the callbacks below.
  parser.on("error", () => undefined);

  const guard = utf8Guard((line) => {
    over = true;
    faults.add(line, "", "the line is not valid UTF-8; save the file as UTF-8");
  });
  const write = (work: (done: (error?: Error | null) => void) => void): Promise<string> =>
    new Promise((resolve, reject) => {
      work((error) => {
        if (error instanceof CsvError) {
          if (!over) faults.add(lineOf(error, current), "", csvFault(error));
          over = true;
        } else if (error) return reject(error);
        resolve(rows);
        rows = "";
      });
    });

  return {
    push: async (chunk) => {
      guard.push(chunk);
      return over ? "" : await write((done) => parser.write(chunk, done));
    },
    end: async () => {
      guard.end();
      if (over) return "";
      parser.resume();
      return await write((done) => {
        parser.once("error", done);
        parser.end(done);
      });
    },
  };
}

const lineBreaksIn = (record: readonly string[]): number =>
  record.reduce(
    (breaks, cell) => (cell.includes("\n") ? breaks + cell.split("\n").length - 1 : breaks),
    0,
  );

const lineOf = (error: CsvError, current: number): number =>
  typeof error["lines"] === "number" ? error["lines"] : current;

const csvFault = ({ code }: CsvError): string => CSV_FAULTS[code] ?? NOT_CSV;

const CSV_FAULTS: Readonly<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: `the line is longer than ${MAX_LINE_BYTES} bytes; shorten its texts, or close a quote that was left open`,
  CSV_QUOTE_NOT_CLOSED: 'a quote (") is opened and never closed',
};

const NOT_CSV =
  'the line is not valid CSV; put cells that hold a quote (") into quotes and write each quote inside twice';

/** Finds the line of the first byte that is no UTF-8; the parser itself would replace it silently. */
function utf8Guard(fault: (line: number) => void): {
  push: (chunk: Buffer) => void;
  end: () => void;
} {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let found = false;
  const check = (bytes: Buffer): void => {
    if (!found && !isUtf8(bytes)) {
      found = true;
      let start = 0;
      for (
        let at = bytes.indexOf(10);
        at >= 0 && isUtf8(bytes.subarray(start, at));
        at = bytes.indexOf(10, start)
      ) {
        start = at + 1;
        line += 1;
      }
      fault(line);
    }
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) line += 1;
  };
  return {
    push: (chunk) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const whole = wholeCharacters(bytes);
      check(bytes.subarray(0, whole));
      rest = Buffer.from(bytes.subarray(whole));
    },
    end: () => check(rest),
  };
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
