import type { RecordKind } from "@docket/domain";
import pg from "pg";

/** Where the records go; both as SQL literals. */
export type Scope = { readonly tenant: string; readonly context: string };

/** What became of the records. */
export type IngestCounts = {
  readonly received: number;
  readonly inserted: number;
  readonly updated: number;
  /** Were there already, and just so. */
  readonly unchanged: number;
};

/** A query for faults: `line, field, detail`, the first 100 by line. */
export type FaultQuery = string;

/** Runs statements on the connection of the ingest. */
export type Run = {
  /** How many rows the statement touched. */
  readonly rows: (sql: string) => Promise<number>;
  /** How many rows the table has. */
  readonly count: (table: string) => Promise<number>;
  /** Adds the faults that the query finds; true when there are any. */
  readonly faults: (sql: FaultQuery) => Promise<boolean>;
};

/**
 * How one kind of record gets from the staging table `ingest_rows` into its own table, set by set.
 * No query names the tenant: row-level security does, and twice the same condition would make the planner expect too few rows.
 */
export type Loader = {
  /** Columns of `ingest_rows` after `line`, in the order of the cells. */
  readonly columns: string;
  /** The columns of `ingest_rows` by which a record is found. */
  readonly key: string;
  /** Resolves what the rows name; into further temporary tables. */
  readonly resolve: (scope: Scope) => readonly string[];
  /** The columns by which those tables are joined. */
  readonly indexes: readonly string[];
  /** What only the database can find wrong. Nothing has been written yet. */
  readonly checks: (scope: Scope, options: LoadOptions) => readonly FaultQuery[];
  /** Writes. Faults found here undo everything as well. */
  readonly apply: (scope: Scope, run: Run) => Promise<Omit<IngestCounts, "unchanged">>;
};

export type LoadOptions = {
  /** Several lines may bring parts of one record: a CSV's match groups, one line per item. */
  readonly linesShareRecords: boolean;
};

export type Loaders = Record<RecordKind, Loader>;

export const literal = (text: string): string => pg.escapeLiteral(text);

export const scopeOf = (tenantId: string, contextId: string): Scope => ({
  tenant: `${literal(tenantId)}::uuid`,
  context: `${literal(contextId)}::uuid`,
});

/** As many faults as an answer can list. */
export const FIRST_FAULTS = "ORDER BY 1 LIMIT 100";

/** Rows of one request that have the same key: every one but the first is at fault. */
export const keyTwice = (table: string, key: readonly string[], field: string): FaultQuery => `
  SELECT r.line, ${literal(field)}, format('is the same record as on line %s; send each record once', twice.first_line)
  FROM (SELECT ${key.join(", ")}, min(line) AS first_line FROM ${table} GROUP BY ${key.join(", ")} HAVING count(*) > 1) twice
  JOIN ${table} r USING (${key.join(", ")})
  WHERE r.line > twice.first_line ${FIRST_FAULTS}`;

/** A record that is not there yet and lacks what only an existing one may leave out. `columns`: column and field. */
export const missingInNew = (
  table: string,
  columns: readonly (readonly [column: string, field: string])[],
  isNew: string,
): FaultQuery => `
  SELECT r.line, missing.field, 'is required: this record is not there yet'
  FROM ${table} r
  CROSS JOIN LATERAL (VALUES ${columns.map(([column, field]) => `(${literal(field)}, r.${column} IS NULL)`).join(", ")}) missing (field, it_is)
  WHERE (${columns.map(([column]) => `r.${column} IS NULL`).join(" OR ")}) AND missing.it_is AND ${isNew} ${FIRST_FAULTS}`;

/**
 * Sets what the staged rows `s` say in the existing rows `t`, where that makes a difference: what is left out keeps its
 * value, and a row that would stay as it is is not written, so that its updated_at stands still.
 * `columns`: column and its new value.
 */
export const updateChanged = (
  table: string,
  columns: readonly (readonly [column: string, value: string])[],
  from: string,
  match: string,
): string => `
  UPDATE ${table} t SET ${columns.map(([column, value]) => `${column} = ${value}`).join(", ")}, updated_at = statement_timestamp()
  FROM ${from} s
  WHERE ${match}
    AND (${columns.map(([, value]) => value).join(", ")}) IS DISTINCT FROM (${columns.map(([column]) => `t.${column}`).join(", ")})`;

/** What is left out keeps its value. */
export const kept = (column: string): readonly [string, string] => [
  column,
  `coalesce(s.${column}, t.${column})`,
];
