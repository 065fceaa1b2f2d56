import { addDays, type ExportSpec, type ReportType } from "@docket/domain";
import { reports } from "./catalogue.ts";
import type { RenderedColumn } from "./formats/row-renderer.ts";
import type { Column, Filters, Report } from "./report.ts";

/** Quotes a string as an SQL literal: the driver's `escapeLiteral`. COPY takes no parameters. */
export type Literal = (text: string) => string;

export type ReportQuery = {
  /** The `COPY (…) TO STDOUT (FORMAT binary)` of the report's rows, in order. */
  readonly copySql: string;
  /** The columns of the file, and which value of a row of the COPY each of them shows. */
  readonly columns: readonly RenderedColumn[];
  /** The number of values in a row of the COPY. */
  readonly inputs: number;
  /** A SELECT of `id` and `name`, as text: the sources whose names the file shows. */
  readonly sourceNamesSql: string;
  /** A SELECT of one text column, `count`: the number of rows that the COPY writes on the same snapshot. */
  readonly countSql: string;
  /** True if counting takes as long as the COPY, whose rows all arrive at its end. */
  readonly isGrouped: boolean;
  /** A SELECT of the rows that `countSql` counts, to EXPLAIN. */
  readonly rowsSql: string;
  /**
   * A SELECT of the rows that the report starts from: cheap to EXPLAIN, and cheap to count under a LIMIT.
   *
   * Use it to compare the planner's estimate with the actual number of rows. If the estimate is far too low (a context
   * loaded since the last ANALYZE), the planner joins by nested loops that read a whole context for each row: 1,000,000
   * rows were not done after 5 minutes, instead of 4 s. `SET LOCAL enable_nestloop = off` avoids that plan: hash joins
   * take linear time whatever the estimate.
   */
  readonly driverSql: string;
  /** A SELECT that sets the planner up for the COPY, in its transaction. Undefined if it chooses well by itself. */
  readonly plannerSql: string | undefined;
};

export type ReportQueryOptions = {
  /** False until the data migration of the report ({@link reportMigration}) has finished in the snapshot. */
  readonly isMigrated?: boolean;
};

/**
 * The SQL of a report. The session's tenant decides which rows it can read (row-level security).
 *
 * @param spec validated: UUIDs, and whole days as `YYYY-MM-DD`, both inclusive.
 */
export function reportQuery(
  spec: Omit<ExportSpec, "format">,
  literal: Literal,
  { isMigrated = true }: ReportQueryOptions = {},
): ReportQuery {
  const filters: Filters = {
    contextId: uuid(spec.contextId, literal),
    ...rangeOf(spec, literal),
    ...(spec.sourceId !== undefined && { sourceId: uuid(spec.sourceId, literal) }),
  };
  const current: Report = reports[spec.reportType];
  const report = (isMigrated ? undefined : current.migration?.before) ?? current;
  const columns = chosenColumns(report, spec);
  const conditions = report.where(filters);
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const from = report.from(filters);
  const counted = report.count?.(filters) ?? `${from} ${where}`;
  // Several columns may show the same value: each value is sent once.
  const inputs = [...new Set(columns.map(inputSql))];

  return {
    copySql: `COPY (
  SELECT ${inputs.join(", ")}
  FROM ${from}
    ${report.lookups(filters)}
  ${where}
  ORDER BY ${report.orderBy}
) TO STDOUT (FORMAT binary)`,
    columns: columns.map((column) => ({
      ...column,
      input: inputs.indexOf(inputSql(column)),
    })),
    inputs: inputs.length,
    sourceNamesSql: `SELECT id::text, name FROM sources WHERE context_id = ${filters.contextId}`,
    countSql: `SELECT count(*)::text AS count FROM ${counted}`,
    isGrouped: report.isGrouped ?? false,
    rowsSql: `SELECT 1 FROM ${counted}`,
    driverSql: `SELECT 1 FROM ${report.driver(filters)}`,
    plannerSql: report.planner && settingsSql(report.planner),
  };
}

const settingsSql = (settings: Readonly<Record<string, string>>): string =>
  `SELECT ${Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(", ")}`;

/** A percentage is rounded by Postgres, whose numeric has no limit. */
const inputSql = ({ kind, sql }: Column): string => (kind === "percent" ? `round(${sql}, 2)` : sql);

/** The name of the data migration whose rows a report reads, if any. */
export const reportMigration = (reportType: ReportType): string | undefined =>
  reports[reportType].migration?.name;

/** The names of a report's columns in file order. */
export const reportColumns = (reportType: ReportType): readonly string[] =>
  reports[reportType].columns.map(({ name }) => name);

function chosenColumns(
  { columns }: Report,
  { reportType, columns: chosen }: Pick<ExportSpec, "reportType" | "columns">,
): readonly Column[] {
  return (
    chosen?.map((chosenName) => {
      const column = columns.find(({ name }) => name === chosenName);
      if (column === undefined) throw new Error(`${reportType} has no column ${chosenName}`);
      return column;
    }) ?? columns
  );
}

function rangeOf(
  { dateFrom, dateTo, zone }: Pick<ExportSpec, "dateFrom" | "dateTo" | "zone">,
  literal: Literal,
): Pick<Filters, "from" | "until"> {
  if (zone === undefined)
    return { from: midnight(dateFrom, literal), until: midnight(addDays(dateTo, 1), literal) };
  return { from: instant(zone.from), until: instant(zone.until) };
}

/** Not a timestamp literal: the years 0 and 10000, to which a time zone can shift a bound, have no ISO 8601 text there. */
const instant = (seconds: number): string => `to_timestamp(${seconds})`;

const uuid = (id: string, literal: Literal): string => `${literal(id)}::uuid`;

const midnight = (day: string, literal: Literal): string =>
  `${literal(`${day} 00:00:00Z`)}::timestamptz`;
