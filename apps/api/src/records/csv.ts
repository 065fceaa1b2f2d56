import { checkCsvHeader, type CheckRecord, type LineFaults, type RecordKind } from "@docket/domain";
import { createCsvGuard } from "./csv-guard.ts";
import { createCsvParser } from "./csv-parser.ts";
import { createRowBatch, type RecordReader } from "./reader.ts";

const LINE_ENDS = "lines must end in LF or CR LF; save the file with Windows or Unix line endings";

/**
 * Reads `text/csv`, header first. A blank cell is a field left out. A record that spans several lines is reported by its
 * first line. Nothing is read after a fault in the header, the quoting or the encoding.
 */
export function csvReader(kind: RecordKind, check: CheckRecord, faults: LineFaults): RecordReader {
  const batch = createRowBatch();
  let header: readonly string[] | undefined;
  let isBroken = false;
  const breakOff = (line: number, field: string, detail: string): void => {
    isBroken = true;
    faults.add(line, field, detail);
  };
  const isDone = (): boolean => isBroken || faults.isFull();
  const parser = createCsvParser({
    record: (line, cells) => {
      if (header === undefined) {
        header = cells;
        checkHeader(kind, header, (field, detail) => breakOff(line, field, detail));
      } else if (cells.length !== header.length) {
        faults.add(line, "", cellCountFault(cells.length, header.length));
      } else {
        check(
          recordOf(header, cells),
          (row) => batch.add({ line, cells: row }),
          (field, detail) => faults.add(line, field, detail),
        );
      }
      // Checked after each record, not each chunk: the parser takes 40 µs for a record with the wrong number of cells.
      return !isDone();
    },
    fault: (line, detail) => {
      if (!isBroken) breakOff(line, "", detail);
    },
  });
  // The guard reads ahead of the parser, so its fault comes after those of the lines before it.
  let addGuardFault = (): void => undefined;
  const guard = createCsvGuard((line, detail) => {
    addGuardFault = () => breakOff(line, "", detail);
  });
  return {
    push: async (chunk) => {
      if (isDone()) return [];
      const readable = guard.push(chunk);
      await parser.write(chunk.subarray(0, readable));
      addGuardFault();
      return batch.take();
    },
    end: async () => {
      if (isDone()) return [];
      if (guard.end()) await parser.end();
      addGuardFault();
      return batch.take();
    },
    isDone,
  };
}

function checkHeader(
  kind: RecordKind,
  names: readonly string[],
  fault: (field: string, detail: string) => void,
): void {
  if (names.some((name) => name.includes("\r"))) fault("", LINE_ENDS);
  else checkCsvHeader(kind, names, fault);
}

function recordOf(
  header: readonly string[],
  cells: readonly string[],
): Readonly<Record<string, string | null>> {
  const record: Record<string, string | null> = {};
  for (const [index, name] of header.entries()) {
    const cell = cells[index]!;
    record[name] = cell.trim() === "" ? null : cell;
  }
  return record;
}

const cellCountFault = (cells: number, names: number): string =>
  `the line has ${cells} cells and the header has ${names}; quote cells that contain a comma`;
