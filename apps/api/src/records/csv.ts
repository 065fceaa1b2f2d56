import {
  checkCsvHeader,
  type CheckRecord,
  type LineFaults,
  type RecordKind,
  type TakeFault,
} from "@docket/domain";
import { copyRow } from "@docket/platform/ingest";
import { CsvError, parse } from "csv-parse";
import { csvGuard } from "./csv-guard.ts";
import type { RecordReader } from "./reader.ts";

/**
 * Reads `text/csv` (RFC 4180, UTF-8, comma, header first). A blank cell is a field left out; a record may run over several
 * lines inside of quotes and is told by its first one. After a fault in the quoting nothing can be read any more.
 */
export function csvReader(kind: RecordKind, check: CheckRecord, faults: LineFaults): RecordReader {
  let rows = "";
  let header: readonly string[] | undefined;
  /** The first line of the record that is being read. */
  let current = 1;
  let over = false;
  const takeRow = (cells: readonly (string | null)[]): void => {
    rows += copyRow(current, cells);
  };
  const takeFault = (field: string, detail: string): void => faults.add(current, field, detail);

  const takeHeader = (names: readonly string[]): void => {
    header = names;
    // Every line would repeat what is wrong with the header.
    const fault: TakeFault = (field, detail) => {
      over = true;
      takeFault(field, detail);
    };
    if (names.some((name) => name.includes("\r"))) fault("", LINE_ENDS);
    else checkCsvHeader(kind, names, fault);
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

  // Counted here: the parser takes the CR LF inside of a quoted cell for two.
  let records = 0;
  let lineBreaks = 0;
  const lineAfter = (emptyLines: number): number => 1 + records + lineBreaks + emptyLines;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Both in one file too; left alone, the parser holds all lines to the end of the first.
    record_delimiter: ["\n", "\r\n"],
    on_record: (record: string[], { empty_lines: emptyLines }) => {
      current = lineAfter(emptyLines);
      takeRecord(record);
      records += 1;
      lineBreaks += lineBreaksIn(record);
      // Nothing goes on into the parser's own, slower, stream of objects.
      return null;
    },
  });
  // Errors reach us through the callbacks below.
  parser.on("error", () => undefined);

  const guard = csvGuard((line, detail) => faults.add(line, "", detail));
  const write = (work: (done: (error?: Error | null) => void) => void): Promise<string> =>
    new Promise((resolve, reject) => {
      work((error) => {
        if (error instanceof CsvError) {
          if (!over) faults.add(lineAfter(Number(error["empty_lines"])), "", csvFault(error));
          over = true;
        } else if (error) return reject(error);
        resolve(rows);
        rows = "";
      });
    });

  return {
    push: async (chunk) => {
      const sound = guard.push(chunk);
      if (over) return "";
      const read = await write((done) => parser.write(chunk.subarray(0, sound), done));
      over ||= sound < chunk.length;
      return read;
    },
    end: async () => {
      if (over || !guard.end()) return "";
      parser.resume();
      return await write((done) => {
        parser.once("error", done);
        parser.end(done);
      });
    },
    isOver: () => over || faults.isFull(),
  };
}

const lineBreaksIn = (record: readonly string[]): number =>
  record.reduce(
    (breaks, cell) => (cell.includes("\n") ? breaks + cell.split("\n").length - 1 : breaks),
    0,
  );

const csvFault = ({ code }: CsvError): string => CSV_FAULTS[code] ?? NOT_CSV;

const CSV_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote (") is opened and never closed',
};

const LINE_ENDS = "lines must end in LF or CR LF; save the file with line ends of Windows or Unix";

const NOT_CSV =
  'the line is not valid CSV; put cells that hold a quote (") into quotes and write each quote inside twice';
