import { fieldKinds, type Checked } from "./field-kinds.ts";
import { recordTables, type RecordField, type RecordKind, type RecordTable } from "./kinds.ts";
import { columnName, PATH, stagingColumns } from "./staging.ts";

/** The cells of one staging row by column name, as text that Postgres can read. Null: the record leaves the field out. */
export type Cells = Readonly<Record<string, string | null>>;

export type TakeRow = (cells: Cells) => void;

/** `field` is a dotted path (`items.0.amount`), or empty when the whole line is at fault. `detail` completes "<field> …". */
export type TakeFault = (field: string, detail: string) => void;

/** Returns the ID of a source of the context, given its ID or name. */
export type FindSource = (idOrName: string) => string | undefined;

/** Checks one parsed line and emits its staging rows, or its faults and no row. */
export type CheckRecord = (record: unknown, row: TakeRow, fault: TakeFault) => void;

const NOT_AN_OBJECT = "the line must be one JSON object";
const NO_ITEMS = "must be a list of at least one { source, transaction, amount?, currency? }";

/** Checks JSON objects. Each of a match group's `items` becomes a row of its own. */
export function jsonRecordChecker(kind: RecordKind, findSource: FindSource): CheckRecord {
  const { fields, items }: RecordTable = recordTables[kind];
  const checkFields = fieldChecker(fields, findSource, false);
  const checkItems = items && itemChecker(items, findSource);
  const names = fields.map(({ name }) => name);
  const checkNames = nameChecker(items === undefined ? names : [...names, "items"]);
  const empty = emptyRow(kind);
  return (record, takeRow, fault) => {
    if (!isObject(record)) return fault("", NOT_AN_OBJECT);
    const row = { ...empty };
    const hasValidFields = checkFields(record, row, "", fault);
    const isValid = checkNames(record, "", fault) && hasValidFields;
    const { items: list } = record;
    if (checkItems === undefined || isMissing(list)) {
      if (isValid) takeRow(row);
      return;
    }
    const rows = checkItems(list, row, fault);
    if (isValid) rows?.forEach(takeRow);
  };
}

/**
 * Checks the cells of a CSV line. The caller has checked the header and passes blank cells as null. A match group's line is the
 * group and one item, or the group alone if all of the item's cells are blank.
 */
export function csvRecordChecker(kind: RecordKind, findSource: FindSource): CheckRecord {
  const { fields, items = [] }: RecordTable = recordTables[kind];
  const checkFields = fieldChecker(fields, findSource, true);
  const checkItem = fieldChecker(items, findSource, true);
  const empty = emptyRow(kind);
  return (record, takeRow, fault) => {
    const line = record as Fields;
    const row = { ...empty };
    let isValid = checkFields(line, row, "", fault);
    if (items.some(({ name }) => !isMissing(line[name]))) {
      row[PATH.column] = "";
      isValid = checkItem(line, row, "", fault) && isValid;
    }
    if (isValid) takeRow(row);
  };
}

type Fields = Readonly<Record<string, unknown>>;

type Row = Record<string, string | null>;

/** Copied for every record, so that all rows of a kind have one shape. */
const emptyRow = (kind: RecordKind): Readonly<Row> =>
  Object.fromEntries(stagingColumns(kind).map(({ column }) => [column, null]));

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isMissing = (value: unknown): boolean => value === undefined || value === null;

/** Returns a row for each item, or undefined if any item has a fault. */
function itemChecker(
  items: readonly RecordField[],
  findSource: FindSource,
): (list: unknown, record: Row, fault: TakeFault) => readonly Row[] | undefined {
  const checkFields = fieldChecker(items, findSource, false);
  const checkNames = nameChecker(items.map(({ name }) => name));
  const checkItem = (item: unknown, index: number, row: Row, fault: TakeFault): boolean => {
    const path = `items.${index}.`;
    row[PATH.column] = path;
    if (!isObject(item)) {
      fault(`items.${index}`, "must be an object");
      return false;
    }
    const hasValidFields = checkFields(item, row, path, fault);
    return checkNames(item, path, fault) && hasValidFields;
  };
  return (list, record, fault) => {
    if (!Array.isArray(list) || list.length === 0) {
      fault("items", NO_ITEMS);
      return undefined;
    }
    const rows = list.map(() => ({ ...record }));
    const faulty = rows.filter((row, index) => !checkItem(list[index], index, row, fault));
    return faulty.length === 0 ? rows : undefined;
  };
}

/** Reports fields that the record may not have; returns true if there are none. */
function nameChecker(
  names: readonly string[],
): (record: Fields, path: string, fault: TakeFault) => boolean {
  const known: ReadonlySet<string> = new Set(names);
  const detail = `is not a field of this kind of record; the fields are ${names.join(", ")}`;
  return (record, path, fault) => {
    let isValid = true;
    for (const name of Object.keys(record)) {
      if (known.has(name)) continue;
      fault(path + name, detail);
      isValid = false;
    }
    return isValid;
  };
}

/** Fills in the cells of `fields` and returns true, or reports the faults and returns false. */
type CheckFields = (record: Fields, row: Row, path: string, fault: TakeFault) => boolean;

function fieldChecker(
  fields: readonly RecordField[],
  findSource: FindSource,
  isCsv: boolean,
): CheckFields {
  const columns = fields.map((field) => ({ field, column: columnName(field) }));
  return (record, row, path, fault) => {
    let isValid = true;
    for (const { field, column } of columns) {
      const value = record[field.name];
      if (isMissing(value)) {
        if (field.required !== "always") continue;
        fault(path + field.name, "is required");
        isValid = false;
        continue;
      }
      const checked =
        field.kind === "source"
          ? checkSource(value, findSource)
          : fieldKinds[field.kind](value, field, isCsv);
      if (typeof checked === "string") row[column] = checked;
      else {
        fault(path + field.name, checked.fault);
        isValid = false;
      }
    }
    return isValid;
  };
}

function checkSource(value: unknown, findSource: FindSource): Checked {
  if (typeof value !== "string" || value === "")
    return { fault: "must be the ID or the name of one of this context's sources" };
  const id = findSource(value);
  if (id !== undefined) return id;
  const shown = value.length > 100 ? `${value.slice(0, 100)}…` : value;
  return {
    fault: `${JSON.stringify(shown)} is neither the ID nor the name of one of this context's sources`,
  };
}
