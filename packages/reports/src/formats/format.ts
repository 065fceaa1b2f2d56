import type { ExportSpec } from "@docket/domain";
import type { Column, ColumnKind } from "../report.ts";
import type { TextRules } from "./text.ts";
import type { WriteValue } from "./values.ts";

export type CreateWriter = (text: TextRules, column: Pick<Column, "name">) => WriteValue;

/** What surrounds the value of a column; `whenNull` stands in place of all three. */
export type Cell = { readonly before: string; readonly after: string; readonly whenNull: string };

/** Stands in the text around values for the number of the row in its sheet. */
export const ROW_NUMBER = "\0";

type NamedColumn = Pick<Column, "name" | "kind">;

/** A part of an archive that holds no rows. */
export type ArchiveEntry = { readonly name: string; readonly content: string };

/** How a file that is a ZIP archive holds its rows: in one or more entries. */
export type Archive = {
  /** The most rows in one entry. */
  readonly rowsPerEntry: number;
  /** The number of the first row of an entry, for {@link ROW_NUMBER}. */
  readonly firstRow: number;
  readonly before: readonly ArchiveEntry[];
  /** The name of the entry with rows of this number, from 1. */
  readonly entryName: (number: number) => string;
  /** Everything before the first row of the entry. */
  readonly head: (columns: readonly NamedColumn[], number: number) => string;
  /** Everything after the last row of an entry. */
  readonly tail: (columns: readonly NamedColumn[], rows: number) => string;
  /** @param rows the number of rows in each entry. */
  readonly after: (
    spec: ExportSpec,
    columns: readonly NamedColumn[],
    rows: readonly number[],
  ) => readonly ArchiveEntry[];
};

/** A file format (docs/api.md §3) as data. */
export type FileFormat = {
  /** Everything before the first row. */
  readonly head: (spec: ExportSpec, columns: readonly NamedColumn[]) => string;
  readonly beforeRow: string;
  readonly afterRow: string;
  readonly betweenRows: string;
  /** Everything after the last row. */
  readonly tail: string;
  /** The whole file when there is no row. */
  readonly empty: (head: string) => string;
  readonly cell: (column: NamedColumn, index: number) => Cell;
  readonly text: TextRules;
  /** Writers in place of those that the formats share. A value becomes at most `MAX_PLAIN_BYTES`, besides a text. */
  readonly writers?: Partial<Record<ColumnKind, CreateWriter>>;
  /** Absent: the file is plain. */
  readonly archive?: Archive;
};

/** The ASCII control characters. */
export const CONTROLS = String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code));

/** The escape of each character, for {@link TextRules}. */
export const replacementsOf = (
  characters: string,
  escape: (text: string) => string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from(characters, (character) => [character, escape(character)]));
