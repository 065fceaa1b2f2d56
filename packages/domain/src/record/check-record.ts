import { fieldKinds, type Checked } from "./field-kinds.ts";
import { recordTables, type RecordField, type RecordKind, type RecordTable } from "./kinds.ts";

/** The values of a record in the order of its kind's fields, as Postgres reads them; null: left out. */
export type Cells = (string | null)[];

/** Takes one row to be staged: a record, or one item of it with the record's own fields in front. */
export type TakeRow = (cells: Cells) => void;

/** Takes one fault; `field` is a dotted path (`items.0.amount`), or empty for the whole line. */
export type TakeFault = (field: string, detail: string) => void;

/** Says what a source is called inside: by its id or its name. Undefined: the context has none such. */
export type FindSource = (idOrName: string) => string | undefined;

/** Checks one parsed line; hands on its rows, or its faults and then no row. */
export type CheckRecord = (record: unknown, row: TakeRow, fault: TakeFault) => void;

const NOT_AN_OBJECT = "the line must be one JSON object";
const NO_ITEMS = "must be a list of at least one { source, transaction, amount?, currency? }";

/** Checks JSON objects: a match group's `items` become one row each, with their path in the cell before them. */
export function jsonRecordChecker(kind: RecordKind, findSource: FindSource): CheckRecord {
  const table: RecordTable = recordTables[kind];
  const { items } = table;
  const own = fieldChecker(table.fields, findSource, false);
  if (items === undefined) {
    return (record, row, fault) => {
      if (!isObject(record)) return fault("", NOT_AN_OBJECT);
      const cells: Cells = [];
      if (own(record, cells, "", 0, fault)) row(cells);
    };
  }
  const each = fieldChecker(items, findSource, false);
  const noItem: Cells = [null, ...items.map(() => null)];
  return (record, row, fault) => {
    if (!isObject(record)) return fault("", NOT_AN_OBJECT);
    const { items: list } = record;
    const cells: Cells = [];
    let sound = own(record, cells, "", list === undefined ? 0 : 1, fault);
    if (list === undefined || list === null) {
      if (sound) row([...cells, ...noItem]);
      return;
    }
    if (!Array.isArray(list) || list.length === 0) return fault("items", NO_ITEMS);
    const rows: Cells[] = [];
    for (const [index, item] of list.entries()) {
      const path = `items.${index}.`;
      const line = [...cells, path];
      if (!isObject(item)) {
        fault(`items.${index}`, "must be an object");
        sound = false;
      } else if (each(item, line, path, 0, fault)) rows.push(line);
      else sound = false;
    }
    if (sound) for (const line of rows) row(line);
  };
}

/**
 * Checks the cells of a CSV line, blank ones as null. A match group's line is the group and one item; a line
 * with neither `source` nor `transaction` is the group alone.
 */
export function csvRecordChecker(kind: RecordKind, findSource: FindSource): CheckRecord {
  const table: RecordTable = recordTables[kind];
  const { items } = table;
  const own = fieldChecker(table.fields, findSource, true);
  const one = items && fieldChecker(items, findSource, true);
  return (record, row, fault) => {
    const cells: Cells = [];
    const line = record as Fields;
    // The header has been checked: a cell has a known name.
    let sound = own(line, cells, "", undefined, fault);
    if (items !== undefined && one !== undefined) {
      const bare = items.every(({ name }) => isMissing(line[name]));
      cells.push(bare ? null : "");
      if (bare) cells.push(...items.map(() => null));
      else sound = one(line, cells, "", undefined, fault) && sound;
    }
    if (sound) row(cells);
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isMissing = (value: unknown): boolean => value === undefined || value === null;

/** Appends the cells of `fields` and returns true, or tells the faults and returns false. */
type CheckFields = (
  record: Fields,
  cells: Cells,
  path: string,
  known: number | undefined,
  fault: TakeFault,
) => boolean;

/** `known` counts keys beside the fields; undefined: unknown keys are somebody else's to find. */
function fieldChecker(
  fields: readonly RecordField[],
  findSource: FindSource,
  cell: boolean,
): CheckFields {
  const names = new Set(fields.map(({ name }) => name));
  const check = (field: RecordField, value: unknown): Checked => {
    if (field.kind !== "source") return fieldKinds[field.kind](value, field, cell);
    const id = typeof value === "string" ? findSource(value) : undefined;
    return id ?? { fault: sourceFault(value) };
  };
  return (record, cells, path, known, fault) => {
    let sound = true;
    let seen = known ?? 0;
    for (const field of fields) {
      const value = record[field.name];
      if (value !== undefined) seen += 1;
      if (value === undefined || value === null) {
        cells.push(null);
        if (field.required !== "always") continue;
        fault(path + field.name, "is required");
        sound = false;
        continue;
      }
      const checked = check(field, value);
      if (typeof checked === "string") cells.push(checked);
      else {
        fault(path + field.name, checked.fault);
        sound = false;
      }
    }
    // Counting first keeps the usual line free of a look at every key.
    if (known === undefined || seen === Object.keys(record).length) return sound;
    for (const name of Object.keys(record)) {
      if (names.has(name) || (known === 1 && name === "items")) continue;
      fault(
        path + name,
        `is not a field of this kind of record; the fields are ${[...names].join(", ")}`,
      );
    }
    return false;
  };
}

function sourceFault(value: unknown): string {
  if (typeof value !== "string" || value === "")
    return "must be the id or the name of one of this context's sources";
  const shown = value.length > 100 ? `${value.slice(0, 100)}…` : value;
  return `${JSON.stringify(shown)} is neither the id nor the name of one of this context's sources`;
}
