import type { CellValue } from "@docket/testing/xlsx";
import type { ExportSpec } from "@docket/domain";
import { columnsOf, type Row } from "./references.ts";

export const NUMBERS = [
  "amount",
  "confidence",
  "total_expected",
  "total_actual",
  "net_variance",
  "variance_pct",
  "item_count",
];
export const TIMES = ["date", "due_at", "created_at", "updated_at"];

/** The cells of the only sheet of an export (docs/api.md §3, XLSX). */
export function expectedCells(spec: ExportSpec, rows: readonly Row[]): CellValue[][] {
  const names = columnsOf(spec);
  const cells = rows.map((row) => row.map((value, index) => cellOf(names[index]!, value)));
  return [[...names], ...cells];
}

function cellOf(name: string, value: Row[number]): CellValue {
  // The reader, as a spreadsheet, does not tell an empty text from an empty cell.
  if (value === null || value === "") return null;
  const text = String(value);
  if (TIMES.includes(name)) return text < "1900-03-01" ? text : new Date(text);
  if (!NUMBERS.includes(name)) return text;
  const digits = text.replaceAll(/[-.]/gu, "").replace(/^0+/u, "");
  return digits.length > 15 ? text : Number(text);
}

/** The cells as they were read, in full: the reader leaves out empty cells and rows at the end. */
export const readCells = (rows: readonly (readonly CellValue[])[], height: number): CellValue[][] =>
  Array.from({ length: height }, (_, row) =>
    Array.from({ length: rows[0]!.length }, (__, column) => {
      const cell = rows[row]?.[column] ?? null;
      return cell === "" ? null : cell;
    }),
  );
