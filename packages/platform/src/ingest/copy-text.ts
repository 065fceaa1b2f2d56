import type { Cells } from "@docket/domain";

/** A row for the staging table, and the line of the body that it came from. */
export type StagingRow = { readonly line: number; readonly cells: Cells };

/**
 * Encodes rows in the text format of COPY: the line number, then a cell for each of `columns`. A cell that is null or missing
 * is written as `\N`. NUL cannot be stored, so a cell must not contain it.
 */
export function copyText(columns: readonly string[], rows: readonly StagingRow[]): string {
  let text = "";
  for (const { line, cells } of rows) {
    text += line;
    for (const column of columns) {
      const cell = cells[column] ?? null;
      text += cell === null ? "\t\\N" : `\t${NEEDS_ESCAPE.test(cell) ? escape(cell) : cell}`;
    }
    text += "\n";
  }
  return text;
}

const NEEDS_ESCAPE = /[\\\t\n\r]/;

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

const escape = (cell: string): string =>
  cell.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!);
