import type { Column } from "../columns.ts";

/** A column of a report together with the SQL expression of its value. */
export type ColumnSql = Column & { readonly sql: string };

/** One format: the SELECT list that renders a row, and the options of the COPY that carries it. */
export type RowRenderer = {
  readonly row: (columns: readonly ColumnSql[]) => string;
  readonly copyOptions: string;
};

/**
 * COPY's options for rows that are rendered as one text: it passes unchanged, since no row holds a raw LF or CR
 * (a row's end) or one of these two control characters. (COPY's text format would double backslashes.)
 */
export const ONE_TEXT_PER_ROW = String.raw`FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02'`;
