import {
  csvRecordChecker,
  jsonRecordChecker,
  RECORD_KINDS,
  recordTables,
  stagingColumns,
  type Cells,
  type RecordField,
  type RecordKind,
} from "../../src/index.ts";
import type { RecordTable } from "../../src/record/kinds.ts";

/** A valid value of a field. */
const sample = ({ kind, values = [] }: RecordField): unknown => {
  switch (kind) {
    case "choice":
      return values[0];
    case "amount":
      return "12.50";
    case "currency":
      return "EUR";
    case "instant":
      return "2026-01-15";
    case "percent":
      return 97.5;
    case "source":
    case "key":
    case "text":
    default:
      return "text";
  }
};

const samples = (fields: readonly RecordField[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field.name, sample(field)]));

const columnNames = (kind: RecordKind): string[] =>
  stagingColumns(kind).map(({ column }) => column);

const rowsOf = (checker: typeof jsonRecordChecker, kind: RecordKind, record: unknown): Cells[] => {
  const rows: Cells[] = [];
  checker(kind, () => "id")(
    record,
    (cells) => rows.push(cells),
    (field, detail) => {
      throw new Error(`${field} ${detail}`);
    },
  );
  return rows;
};

describe("the staging columns", () => {
  it("are a match group's fields, the item's path and the item's fields", () => {
    expect(
      stagingColumns("match-groups").map(
        ({ column, kind, required }) => `${column} ${kind} ${required}`,
      ),
    ).toEqual([
      "external_id key always",
      "status choice never",
      "rule text never",
      "confidence percent never",
      "path path never",
      "source_id source never",
      "transaction key never",
      "amount amount never",
      "currency currency never",
    ]);
  });

  it.each(RECORD_KINDS)("have distinct names for %s", (kind) => {
    expect(new Set(columnNames(kind)).size).toBe(columnNames(kind).length);
  });

  it.each(RECORD_KINDS)("are the cells of a complete record: %s", (kind) => {
    const { fields, items = [] }: RecordTable = recordTables[kind];
    const json = { ...samples(fields), ...(items.length > 0 && { items: [samples(items)] }) };
    const csv = samples([...fields, ...items]);
    for (const [row, ...more] of [
      rowsOf(jsonRecordChecker, kind, json),
      rowsOf(csvRecordChecker, kind, csv),
    ]) {
      expect(more).toEqual([]);
      expect(Object.keys(row!)).toEqual(columnNames(kind));
      expect(Object.values(row!)).not.toContain(null);
    }
  });
});
