import type { RecordKind } from "@docket/domain";
import type { FaultQuery, Scope } from "./sql.ts";

/** How many records an ingest received, and what it did with them. */
export type IngestCounts = {
  readonly received: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
};

/** Runs statements on the connection of the ingest. */
export type Run = {
  /** How many rows `ingest_rows` has. */
  readonly stagedRows: number;
  /** Returns how many rows the statement affected. */
  readonly execute: (sql: string) => Promise<number>;
  /** Returns how many rows the table has. */
  readonly count: (table: string) => Promise<number>;
  /** Adds the faults that the query finds; returns true if there are any. */
  readonly findFaults: (sql: FaultQuery) => Promise<boolean>;
};

/**
 * Moves one kind of record from the staging table `ingest_rows` into its own table, set by set.
 *
 * The queries do not filter by tenant, because row-level security does. The same condition twice would make the planner
 * expect too few rows.
 */
export type Loader = {
  /** Statements that look up what the rows refer to, and keep the result in further temporary tables. */
  readonly resolve: (scope: Scope) => readonly string[];
  /** The columns on which those tables are joined. */
  readonly indexes: readonly string[];
  /** Queries for the faults that only the database can find. They run before anything is written. */
  readonly checks: (scope: Scope, options: LoadOptions) => readonly FaultQuery[];
  /** Writes the records. Faults found here roll everything back. */
  readonly apply: (scope: Scope, run: Run) => Promise<Omit<IngestCounts, "unchanged">>;
};

export type LoadOptions = {
  /** True if several lines may carry parts of one record, as in a CSV of match groups. */
  readonly linesShareRecords: boolean;
};

export type Loaders = Record<RecordKind, Loader>;
