/**
 * What a column holds. The kind decides how each format writes the value (docs/api.md §3):
 *
 * - `text`: filled in by callers, so CSV guards it against formula injection.
 * - `enum`: text from a fixed vocabulary.
 * - `decimal`: no exponent, trailing zeros trimmed.
 * - `percent`: always two decimals.
 * - `timestamp`: RFC 3339 in UTC, truncated to whole seconds.
 */
export type ColumnKind = "uuid" | "text" | "enum" | "decimal" | "percent" | "integer" | "timestamp";

export type Column = {
  /** The name in every format. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** The SQL expression of the value, or of what the value is looked up by. */
  readonly sql: string;
  /** `source-name`: `sql` is the ID of a source, and the worker looks up its name. */
  readonly lookup?: "source-name";
  readonly nullable?: true;
};

/** The conditions on a report's rows. Each value is an SQL literal. */
export type Filters = {
  readonly contextId: string;
  /** The first instant of the range. */
  readonly from: string;
  /** The first instant after the range. */
  readonly until: string;
  readonly sourceId?: string;
};

/**
 * A report: its columns in file order, and the parts of its SELECT.
 *
 * No part names the tenant, because row-level security selects it. Joins still compare tenant_id: the keys begin with it,
 * and the planner estimates a join on a foreign key well only if the join covers the whole key. An
 * ingest only accepts records whose transaction is in the same context (packages/platform/src/ingest). Each join states the context of
 * every table, so that the planner does not scan the rows of other contexts.
 */
export type Report = {
  readonly columns: readonly Column[];
  /** The rows of the table that the report starts from, before any join: `table alias WHERE …`. */
  readonly driver: (filters: Filters) => string;
  /** The tables and joins that decide which rows the report has. */
  readonly from: (filters: Filters) => string;
  /** Joins that only add columns: they neither add nor remove rows. */
  readonly lookups: (filters: Filters) => string;
  readonly where: (filters: Filters) => readonly string[];
  /** A total order, so that two exports of unchanged data are identical byte for byte. */
  readonly orderBy: string;
  /** A cheaper way to count the rows than `from` and `where`: `table alias … WHERE …`. */
  readonly count?: (filters: Filters) => string;
  /** The COPY sends its first row only when it has computed the last one. Counting the rows apart would compute them twice. */
  readonly isGrouped?: true;
  /** Settings of the planner for the SELECT, if it would misjudge the best plan. */
  readonly planner?: Readonly<Record<string, string>>;
  /** The data migration that fills what the SELECT reads, and the report with the same rows to use until it has finished. */
  readonly migration?: { readonly name: string; readonly before: Report };
  /**
   * The counters (docs/decisions/0015) that count the report's rows by day and source, and the data migration that fills them.
   * `where` is a condition on `name` and `label`.
   */
  readonly counters?: { readonly where: string; readonly migration: string };
};

/**
 * Leaves only a merge of index scans in the order of the report, for which the time is linear, and the first row is sent at once.
 * The planner multiplies the selectivities of a join's columns, expects a handful of rows, and would hash and sort a million of them.
 * A parallel merge would read the whole inner table in each of its processes.
 */
export const ORDERED_MERGE: Readonly<Record<string, string>> = {
  enable_nestloop: "off",
  enable_sort: "off",
  max_parallel_workers_per_gather: "0",
};

export const inRange = (column: string, { from, until }: Filters): string =>
  `${column} >= ${from} AND ${column} < ${until}`;

/** The condition on the source; none if the filters name no source. */
export const fromSource = (column: string, { sourceId }: Filters): readonly string[] =>
  sourceId === undefined ? [] : [`${column} = ${sourceId}`];
