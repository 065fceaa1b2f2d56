import type { FieldKind } from "./field-kinds.ts";
import { recordTables, type RecordField, type RecordKind, type RecordTable } from "./kinds.ts";

/** A column of the staging table of one kind of record. */
export type StagingColumn = {
  /** The record's field, as callers name it; `path` for the path of an item. */
  readonly field: string;
  /** The column's name in snake_case; a source is staged as `source_id`. */
  readonly column: string;
  /** The type of the values. `source` is the source's UUID, `path` the prefix of an item's fields (`items.0.`). */
  readonly kind: FieldKind | "source" | "path";
  /** False if every staged row has a value. */
  readonly nullable: boolean;
};

const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const columnOf =
  (inItem: boolean) =>
  ({ name, kind, required }: RecordField): StagingColumn => ({
    field: name,
    column: kind === "source" ? `${snakeCase(name)}_id` : snakeCase(name),
    kind,
    nullable: inItem || required !== "always",
  });

/**
 * The columns of a kind's staging table in the order of a checker's {@link Cells}: the record's own fields, then, for a
 * kind with items, the item's path and the item's fields. A record without items leaves `path` and the item's fields null.
 */
export function stagingColumns(kind: RecordKind): readonly StagingColumn[] {
  const { fields, items }: RecordTable = recordTables[kind];
  const own = fields.map(columnOf(false));
  if (items === undefined) return own;
  const path = { field: "path", column: "path", kind: "path", nullable: true } as const;
  return [...own, path, ...items.map(columnOf(true))];
}
