import type { ExportSpec } from "@docket/domain";
import type { Column } from "../report.ts";
import type { TextRules } from "./text.ts";

/** What surrounds the value of a column; `whenNull` stands in place of all three. */
export type Cell = { readonly before: string; readonly after: string; readonly whenNull: string };

/** A file format (docs/api.md §3) as data. */
export type FileFormat = {
  /** Everything before the first row. */
  readonly head: (spec: ExportSpec, columns: readonly Pick<Column, "name">[]) => string;
  readonly beforeRow: string;
  readonly afterRow: string;
  readonly betweenRows: string;
  /** Everything after the last row. */
  readonly tail: string;
  /** The whole file when there is no row. */
  readonly empty: (head: string) => string;
  readonly cell: (column: Pick<Column, "name" | "kind">, index: number) => Cell;
  readonly text: TextRules;
};

/** The first byte of each character, for {@link TextRules}. */
export const firstBytes = (characters: string): readonly number[] =>
  Array.from(characters, (character) => Buffer.from(character)[0]!);

/** The ASCII control characters. */
export const CONTROLS: readonly number[] = Array.from({ length: 32 }, (_, code) => code);
