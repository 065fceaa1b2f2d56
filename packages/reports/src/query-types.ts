import type { ReportType } from "@docket/domain";
import type { ColumnName } from "./catalogue.ts";

/** What the rows of a report are chosen by, each an SQL literal. */
export type Filters = {
  readonly contextId: string;
  /** The first instant of the range. */
  readonly from: string;
  /** The first instant after the range. */
  readonly until: string;
  readonly sourceId?: string;
};

/**
 * One report as SQL. Row-level security is in force, so that no tenant is named here; joins carry tenant_id because
 * the keys begin with it, and because the planner knows the row counts of whole foreign keys only.
 */
export type ReportSql<R extends ReportType> = {
  /** The expression of each column. */
  readonly values: { readonly [Name in ColumnName<R>]: string };
  /** The rows of the table that the report starts from, as `table alias WHERE …`, before any join. */
  readonly driver: (is: Filters) => string;
  /** What decides which rows there are. */
  readonly from: (is: Filters) => string;
  /** A cheaper way to count them, as `table alias … WHERE …`; `from` and `where` when absent. */
  readonly count?: (is: Filters) => string;
  /** Joins that add no row and drop none, for columns only. */
  readonly lookups: string;
  readonly where: (is: Filters) => readonly string[];
  /** A total order: two exports of unchanged data are equal byte for byte. */
  readonly orderBy: string;
};

/** The condition that `column` is in the range. */
export const within = (column: string, is: Filters): string =>
  `${column} >= ${is.from} AND ${column} < ${is.until}`;

/** The condition that `column` is the source asked for; none when any source will do. */
export const ofSource = (column: string, is: Filters): readonly string[] =>
  is.sourceId === undefined ? [] : [`${column} = ${is.sourceId}`];
