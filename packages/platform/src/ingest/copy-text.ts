/**
 * One row in the text format of COPY: cells between tabs, `\N` for null, a line feed after it.
 * A backslash, tab, line feed or carriage return in a cell is escaped; NUL cannot be stored and must have been refused.
 */
export function copyRow(line: number, cells: readonly (string | null)[]): string {
  let row = String(line);
  for (const cell of cells)
    row += cell === null ? "\t\\N" : `\t${NEEDS_ESCAPE.test(cell) ? escaped(cell) : cell}`;
  return `${row}\n`;
}

const NEEDS_ESCAPE = /[\\\t\n\r]/;

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

const escaped = (cell: string): string =>
  cell.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!);
