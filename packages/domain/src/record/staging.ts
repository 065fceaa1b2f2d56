import {
  recordTables,
  type RecordField,
  type RecordKind,
  type RecordTable,
  type Requirement,
} from "./kinds.ts";

/** One column of a kind's staging table. */
export type StagingColumn = {
  readonly name: string;
  /** The name of its field in the API. */
  readonly field: string;
  /** `path`: the position of an item in its record, such as `items.0.`. */
  readonly kind: RecordField["kind"] | "path";
  readonly required: Requirement;
};

/** Null in the row of a record that has no items. */
export const PATH_COLUMN = {
  name: "path",
  field: "items",
  kind: "path",
  required: "never",
} as const;

/**
 * The columns of a kind's staging table, in the order of its fields.
 *
 * A record has one row. A record with items has one row an item: the record's own fields, the item's path, the item's fields.
 */
export function stagingColumns(kind: RecordKind): readonly StagingColumn[] {
  const { fields, items }: RecordTable = recordTables[kind];
  if (items === undefined) return fields.map(columnOf);
  // A record may come without items, so none of their columns is in every row.
  const itemColumns = items.map((item) => ({ ...columnOf(item), required: "never" as const }));
  return [...fields.map(columnOf), PATH_COLUMN, ...itemColumns];
}

/** The column of a field: snake_case. A source is stored by its ID. */
export function columnName({ name, kind }: RecordField): string {
  const snakeCase = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return kind === "source" ? `${snakeCase}_id` : snakeCase;
}

const columnOf = (field: RecordField): StagingColumn => ({
  name: columnName(field),
  field: field.name,
  kind: field.kind,
  required: field.required,
});
