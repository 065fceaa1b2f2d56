import { MAX_LINE_FAULTS, stagingColumns, type RecordKind } from "@docket/domain";
import pg from "pg";
import { keyColumns } from "./staging.ts";

/** The tenant and the context of an ingest, as SQL literals. */
export type Scope = { readonly tenant: string; readonly context: string };

/** Selects `line, field, detail` of faults, ordered by line, at most as many as a response lists. */
export type FaultQuery = string;

export const scopeOf = (tenantId: string, contextId: string): Scope => ({
  tenant: `${pg.escapeLiteral(tenantId)}::uuid`,
  context: `${pg.escapeLiteral(contextId)}::uuid`,
});

export const FIRST_FAULTS = `ORDER BY 1 LIMIT ${MAX_LINE_FAULTS}`;

/** Finds the rows whose key occurs on an earlier line of the same request. */
export function duplicateKeys(table: string, kind: RecordKind): FaultQuery {
  const columns = keyColumns(kind);
  const key = columns.map(({ column }) => column).join(", ");
  const field = columns.at(-1)!.field;
  return `
    SELECT r.line, ${pg.escapeLiteral(field)}, format('is the same record as on line %s; send each record once', duplicate.first_line)
    FROM (SELECT ${key}, min(line) AS first_line FROM ${table} GROUP BY ${key} HAVING count(*) > 1) duplicate
    JOIN ${table} r USING (${key})
    WHERE r.line > duplicate.first_line ${FIRST_FAULTS}`;
}

/** Finds the new records that lack a field which only an existing record may omit. */
export function missingInNew(table: string, kind: RecordKind, isNew: string): FaultQuery {
  const columns = stagingColumns(kind).filter(({ required }) => required === "on-create");
  const fields = columns.map(
    ({ column, field }) => `(${pg.escapeLiteral(field)}, r.${column} IS NULL)`,
  );
  const anyIsMissing = columns.map(({ column }) => `r.${column} IS NULL`).join(" OR ");
  return `
    SELECT r.line, required.field, 'is required in a new record'
    FROM ${table} r
    CROSS JOIN LATERAL (VALUES ${fields.join(", ")}) required (field, is_missing)
    WHERE (${anyIsMissing}) AND required.is_missing AND ${isNew} ${FIRST_FAULTS}`;
}

/** A column of the target table, and the SQL of its new value. */
export type ColumnUpdate = readonly [column: string, value: string];

/** A field that the record omits keeps its value. */
export const updateGiven = (column: string): ColumnUpdate => [
  column,
  `coalesce(s.${column}, t.${column})`,
];

/**
 * Updates the rows `t` from the staged rows `s`. A row that would not change is not written, so its `updated_at` stays.
 *
 * @param consequences further columns, which are written only with a change.
 */
export const updateChanged = (
  table: string,
  columns: readonly ColumnUpdate[],
  from: string,
  match: string,
  consequences: readonly ColumnUpdate[] = [],
): string => `
  UPDATE ${table} t SET ${[...columns, ...consequences].map(([column, value]) => `${column} = ${value}`).join(", ")}, updated_at = statement_timestamp()
  FROM ${from} s
  WHERE ${match}
    AND (${columns.map(([, value]) => value).join(", ")}) IS DISTINCT FROM (${columns.map(([column]) => `t.${column}`).join(", ")})`;
