import { CsvError, parse } from "csv-parse";

/** Receives the records of a CSV, and the fault that ended the parsing. `line` is the first line of the record. */
export type CsvHandler = {
  /** Returns false to end the parsing. */
  readonly record: (line: number, cells: readonly string[]) => boolean;
  readonly fault: (line: number, detail: string) => void;
};

/** Parses CSV (RFC 4180, UTF-8, comma). Empty lines are skipped. Nothing may be written after a fault. */
export type CsvParser = {
  /** Resolves when the records that the chunk completed have been handled. */
  readonly write: (chunk: Buffer) => Promise<void>;
  readonly end: () => Promise<void>;
};

const NOT_CSV =
  'the line is not valid CSV; quote each cell that contains a quote ("), and double the quotes inside it';

const FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote (") is opened and never closed',
};

/** Thrown into the parser, which cannot be stopped in the middle of a chunk otherwise. */
const STOPPED = new Error("the handler has ended the parsing");

export function createCsvParser(handler: CsvHandler): CsvParser {
  // The parser's own line count is wrong, because it counts a CR LF inside quotes twice.
  let linesBefore = 0;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // A file may mix both. With automatic detection, the parser would buffer all bytes up to the first line feed.
    record_delimiter: ["\n", "\r\n"],
    on_record: (cells: string[], { empty_lines: emptyLines }) => {
      const wantsMore = handler.record(linesBefore + emptyLines + 1, cells);
      if (!wantsMore) throw STOPPED;
      linesBefore += 1 + lineFeedsIn(cells);
      // Keeps the record out of the parser's output stream, which is slow.
      return null;
    },
  });
  // The callbacks below report errors; without a listener, an error would end the process.
  parser.on("error", () => undefined);

  const run = (start: (done: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      start((error) => {
        if (error instanceof CsvError) {
          const line = linesBefore + Number(error["empty_lines"]) + 1;
          handler.fault(line, FAULTS[error.code] ?? NOT_CSV);
        } else if (error && error !== STOPPED) return reject(error);
        resolve();
      });
    });
  return {
    write: (chunk) => run((done) => void parser.write(chunk, done)),
    end: () => {
      parser.resume();
      return run((done) => {
        parser.once("error", done);
        parser.end(done);
      });
    },
  };
}

const lineFeedsIn = (cells: readonly string[]): number =>
  cells.reduce(
    (count, cell) => (cell.includes("\n") ? count + cell.split("\n").length - 1 : count),
    0,
  );
