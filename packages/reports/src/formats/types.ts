import type { Column } from "../report.ts";

/** The SELECT list that renders a row, and the matching options of COPY. */
export type RowRenderer = {
  readonly row: (columns: readonly Column[]) => string;
  readonly copyOptions: string;
};

/**
 * COPY's options for rows rendered as one text. COPY leaves such a row unchanged, because it contains neither a raw LF or
 * CR nor one of these two control characters. (COPY's text format would double backslashes.)
 */
export const ONE_TEXT_PER_ROW = String.raw`FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02'`;
