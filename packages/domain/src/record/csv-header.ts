import type { TakeFault } from "./check-record.ts";
import { recordTables, type RecordKind, type RecordTable } from "./kinds.ts";

/** The CSV columns of a kind, in the order in which error messages list them. */
export function csvColumns(kind: RecordKind): readonly string[] {
  const { fields, items = [] }: RecordTable = recordTables[kind];
  return [...fields, ...items].map(({ name }) => name);
}

/** Reports the faults of a header. Columns may be in any order; optional columns may be absent. */
export function checkCsvHeader(
  kind: RecordKind,
  header: readonly string[],
  fault: TakeFault,
): void {
  const { fields }: RecordTable = recordTables[kind];
  const columns = csvColumns(kind);
  const known: ReadonlySet<string> = new Set(columns);
  const unknownColumn = `is not a column of this kind of record; the columns are ${columns.join(", ")}`;
  const seen = new Set<string>();
  for (const name of header) {
    if (!known.has(name)) fault(name, unknownColumn);
    else if (seen.has(name)) fault(name, "occurs more than once in the header");
    seen.add(name);
  }
  for (const { name, required } of fields) {
    if (required === "always" && !seen.has(name))
      fault(name, "is required but missing from the header");
  }
}
