import {
  recordTables,
  type RecordField,
  type RecordKind,
  type RecordTable,
  type Requirement,
} from "./kinds.ts";

/** A column of the staging table of one kind of record. */
export type StagingColumn = {
  /** The name of the record's field in the API. */
  readonly field: string;
  /** The name in the database. */
  readonly column: string;
  /** `path` is the position of an item in its record, such as `items.0.`. */
  readonly kind: RecordField["kind"] | "path";
  readonly required: Requirement;
};

/** Null in the row of a record without items. */
export const PATH = { field: "items", column: "path", kind: "path", required: "never" } as const;

/**
 * The columns of a kind's staging table, in the order of its fields.
 *
 * A record has one row. A record with items has one row per item: the record's own fields, the item's path, the item's fields.
 */
export function stagingColumns(kind: RecordKind): readonly StagingColumn[] {
  const { fields, items }: RecordTable = recordTables[kind];
  if (items === undefined) return fields.map(columnOf);
  // A record may come without items, so none of their columns is required.
  const itemColumns = items.map((item) => ({ ...columnOf(item), required: "never" as const }));
  return [...fields.map(columnOf), PATH, ...itemColumns];
}

/** The column of a field, in snake_case. A source is staged by its ID. */
export function columnName({ name, kind }: Pick<RecordField, "name" | "kind">): string {
  const snakeCase = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return kind === "source" ? `${snakeCase}_id` : snakeCase;
}

const columnOf = (field: RecordField): StagingColumn => ({
  field: field.name,
  column: columnName(field),
  kind: field.kind,
  required: field.required,
});
