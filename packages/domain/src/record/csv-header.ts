import { recordTables, type RecordKind, type RecordTable } from "./kinds.ts";
import type { TakeFault } from "./check-record.ts";

/** The columns of a kind's CSV, in the order in which they are named to callers. */
export function csvColumns(kind: RecordKind): readonly string[] {
  const { fields, items = [] }: RecordTable = recordTables[kind];
  return [...fields, ...items].map(({ name }) => name);
}

/** Tells what is wrong with a header; any order will do, and optional columns may be left out. */
export function checkCsvHeader(
  kind: RecordKind,
  header: readonly string[],
  fault: TakeFault,
): void {
  const columns = csvColumns(kind);
  const { fields }: RecordTable = recordTables[kind];
  for (const [index, name] of header.entries()) {
    if (!columns.includes(name)) {
      fault(name, `is not a column of this kind of record; the columns are ${columns.join(", ")}`);
    } else if (header.indexOf(name) !== index) fault(name, "stands twice in the header");
  }
  for (const { name, required } of fields) {
    if (required === "always" && !header.includes(name))
      fault(name, "is required, and the header lacks it");
  }
}
