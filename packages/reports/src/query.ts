import { addDays, type ExportSpec, type ReportType } from "@docket/domain";
import { reports } from "./catalogue.ts";
import type { RenderedColumn } from "./formats/row-renderer.ts";
import { SECONDS_PER_DAY } from "./formats/values.ts";
import { fromSource, inRange, type Column, type Filters, type Report } from "./report.ts";

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
  /**
   * A SELECT of one text column, `count`: the number of rows that the COPY writes on the same snapshot. It reads counters where it
   * can, which takes milliseconds for any number of rows.
   */
  readonly countSql: string;
  /** The same number, from the rows themselves. */
  readonly recountSql: string;
  /** True if counting takes as long as the COPY, whose rows all arrive at its end. */
  readonly isGrouped: boolean;
  /** A SELECT of the rows that `recountSql` counts, to EXPLAIN. */
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
  /** Those of the report's data migrations ({@link reportMigrations}) that have not finished in the snapshot. None by default. */
  readonly unfinished?: ReadonlySet<string>;
};

/**
 * The SQL of a report. The session's tenant decides which rows it can read (row-level security).
 *
 * @param spec validated: UUIDs, and whole days as `YYYY-MM-DD`, both inclusive.
 */
export function reportQuery(
  spec: Omit<ExportSpec, "format">,
  literal: Literal,
  { unfinished = new Set() }: ReportQueryOptions = {},
): ReportQuery {
  const filters: Filters = {
    contextId: uuid(spec.contextId, literal),
    ...rangeOf(spec, literal),
    ...(spec.sourceId !== undefined && { sourceId: uuid(spec.sourceId, literal) }),
  };
  const report = reportWithout(unfinished, spec.reportType);
  const columns = chosenColumns(report, spec);
  const conditions = report.where(filters);
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const from = report.from(filters);
  const counted = report.count?.(filters) ?? `${from} ${where}`;
  const recountSql = `SELECT count(*)::text AS count FROM ${counted}`;
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
    countSql: countersSql(report, spec, filters, unfinished) ?? recountSql,
    recountSql,
    isGrouped: report.isGrouped ?? false,
    rowsSql: `SELECT 1 FROM ${counted}`,
    driverSql: `SELECT 1 FROM ${report.driver(filters)}`,
    plannerSql: report.planner && settingsSql(report.planner),
  };
}

function reportWithout(unfinished: ReadonlySet<string>, reportType: ReportType): Report {
  const report: Report = reports[reportType];
  return report.migration !== undefined && unfinished.has(report.migration.name)
    ? report.migration.before
    : report;
}

/**
 * Sums the report's counters. The sum is never negative, even if they are wrong. Undefined if it has none, if they are not filled
 * in yet, or if the range is not of whole days of UTC.
 */
function countersSql(
  { counters }: Report,
  { zone }: Pick<ExportSpec, "zone">,
  filters: Filters,
  unfinished: ReadonlySet<string>,
): string | undefined {
  if (counters === undefined || unfinished.has(counters.migration)) return undefined;
  if (
    zone !== undefined &&
    (zone.from % SECONDS_PER_DAY !== 0 || zone.until % SECONDS_PER_DAY !== 0)
  )
    return undefined;
  const conditions = [
    `context_id = ${filters.contextId}`,
    counters.where,
    inRange("at", filters),
    ...fromSource("source_id", filters),
  ];
  return `SELECT greatest(sum(count), 0)::text AS count FROM stored_counters WHERE ${conditions.join(" AND ")}`;
}

const settingsSql = (settings: Readonly<Record<string, string>>): string =>
  `SELECT ${Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(", ")}`;

/** A percentage is rounded by Postgres, whose numeric has no limit. */
const inputSql = ({ kind, sql }: Column): string => (kind === "percent" ? `round(${sql}, 2)` : sql);

/** The names of the data migrations whose rows a report and its count read. */
export function reportMigrations(reportType: ReportType): readonly string[] {
  const { migration, counters }: Report = reports[reportType];
  return [migration?.name, counters?.migration].filter((name) => name !== undefined);
}

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
