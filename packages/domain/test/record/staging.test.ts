import {
  csvRecordChecker,
  jsonRecordChecker,
  RECORD_KINDS,
  recordTables,
  stagingColumns,
  type Cells,
  type RecordField,
  type RecordKind,
  type RecordTable,
} from "../../src/index.ts";

const SOURCE = "00000000-0000-7000-8000-000000000001";

/** A value for a field, and the cell that it becomes. */
const sample = ({ name, kind, values = [] }: RecordField): { value: unknown; cell: string } => {
  switch (kind) {
    case "source":
      return { value: "Bank", cell: SOURCE };
    case "choice":
      return { value: values[0], cell: values[0]! };
    case "amount":
      return { value: "12.50", cell: "12.50" };
    case "currency":
      return { value: "EUR", cell: "EUR" };
    case "instant":
      return { value: "2026-01-15", cell: "2026-01-15" };
    case "percent":
      return { value: 97.5, cell: "97.5" };
    case "key":
    case "text":
      return { value: `the ${name}`, cell: `the ${name}` };
  }
};

const samples = (fields: readonly RecordField[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field.name, sample(field).value]));

const table = (kind: RecordKind): RecordTable => recordTables[kind];

const expectedCells = (kind: RecordKind, path: string): Record<string, string> => {
  const { fields, items = [] } = table(kind);
  const all = Object.fromEntries([...fields, ...items].map((field) => [field.name, sample(field)]));
  return Object.fromEntries(
    stagingColumns(kind).map(({ field, column }) => [column, all[field]?.cell ?? path]),
  );
};

const named = (kind: RecordKind, cells: Cells): Record<string, string | null> =>
  Object.fromEntries(stagingColumns(kind).map(({ column }, index) => [column, cells[index]!]));

const findSource = (name: string) => (name === "Bank" ? SOURCE : undefined);
const onFault = (field: string, detail: string): never => {
  throw new Error(`${field} ${detail}`);
};

describe("the staging columns", () => {
  it("name a match group's columns in order, with their types", () => {
    expect(
      stagingColumns("match-groups").map(
        ({ column, kind, nullable }) => `${column} ${kind}${nullable ? "" : " not null"}`,
      ),
    ).toEqual([
      "external_id key not null",
      "status choice",
      "rule text",
      "confidence percent",
      "path path",
      "source_id source",
      "transaction key",
      "amount amount",
      "currency currency",
    ]);
  });

  it.each(RECORD_KINDS)("have distinct names for %s", (kind) => {
    const names = stagingColumns(kind).map(({ column }) => column);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(RECORD_KINDS)("are in the order of the cells of a JSON record: %s", (kind) => {
    const { fields, items } = table(kind);
    const rows: Cells[] = [];
    jsonRecordChecker(kind, findSource)(
      { ...samples(fields), ...(items && { items: [samples(items)] }) },
      (cells) => rows.push(cells),
      onFault,
    );
    expect(rows.map((cells) => named(kind, cells))).toEqual([expectedCells(kind, "items.0.")]);
  });

  it.each(RECORD_KINDS)("are in the order of the cells of a CSV record: %s", (kind) => {
    const { fields, items = [] } = table(kind);
    const rows: Cells[] = [];
    csvRecordChecker(kind, findSource)(
      samples([...fields, ...items]),
      (cells) => rows.push(cells),
      onFault,
    );
    expect(rows.map((cells) => named(kind, cells))).toEqual([expectedCells(kind, "")]);
  });
});
