import { stringify } from "csv-stringify/sync";
import { create } from "xmlbuilder2";
import type { ExportSpec, Format, ReportType } from "@docket/domain";

/**
 * The files of docs/api.md §3, written by csv-stringify, JSON.stringify and xmlbuilder2. They share no code with the
 * reports, and exports must equal them byte for byte.
 */

const list = (names: string): readonly string[] => names.split(/,\s*/u);

/** The table of docs/api.md §3. */
export const COLUMNS: Readonly<Record<ReportType, readonly string[]>> = {
  MATCHED: list(
    "transaction_id, match_group_id, source_id, amount, currency, date, external_id, source_name, description, match_rule, confidence",
  ),
  UNMATCHED: list(
    "transaction_id, source_id, amount, currency, status, date, exception_id, due_at, external_id, source_name, description",
  ),
  VARIANCE: list(
    "source_id, currency, fee_schedule_id, fee_schedule_name, total_expected, total_actual, net_variance, variance_pct, item_count, source_name",
  ),
  EXCEPTIONS: list(
    "exception_id, transaction_id, source_id, external_id, amount, currency, date, severity, status, reason, assigned_to, due_at, resolution_type, resolution_notes, created_at, updated_at, dispute_id, dispute_state",
  ),
};

export const columnsOf = ({ reportType, columns }: ExportSpec): readonly string[] =>
  columns ?? COLUMNS[reportType];

/** The columns that callers fill in, which CSV guards against formula injection. */
export const TEXT_COLUMNS = list(
  "external_id, source_name, description, match_rule, fee_schedule_id, fee_schedule_name, reason, assigned_to, resolution_type, resolution_notes",
);

/** A row's values in column order, with decimals and timestamps as the text that the file must contain. */
export type Row = readonly (string | number | null)[];

const FORMULA = /^[=@\t\r\n\uff1d\uff0b\uff0d\uff20]/u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** The formula guard of docs/api.md §3, "CSV". */
export function guarded(text: string): string {
  const formula = FORMULA.test(text) || (/^[+-]/u.test(text) && !NUMBER.test(text));
  return formula ? `'${text}` : text;
}

function csv(spec: ExportSpec, rows: readonly Row[]): string {
  const header = columnsOf(spec);
  const safe = rows.map((row) =>
    row.map((value, index) =>
      typeof value === "string" && TEXT_COLUMNS.includes(header[index]!) ? guarded(value) : value,
    ),
  );
  // Quotes an empty text, so that it differs from null, and a CR, which csv-stringify leaves alone when the delimiter is LF.
  return stringify([header, ...safe], { record_delimiter: "\n", quoted_match: /^$|\r/u });
}

function jsonLines(spec: ExportSpec, rows: readonly Row[]): string[] {
  const names = columnsOf(spec);
  return rows.map((row) =>
    JSON.stringify(Object.fromEntries(row.map((value, index) => [names[index], value]))),
  );
}

const json = (spec: ExportSpec, rows: readonly Row[]): string =>
  rows.length === 0 ? "[]" : `[\n${jsonLines(spec, rows).join(",\n")}\n]\n`;

const ndjson = (spec: ExportSpec, rows: readonly Row[]): string =>
  jsonLines(spec, rows)
    .map((line) => `${line}\n`)
    .join("");

/** Replaces the characters that XML 1.0 forbids with U+FFFD. */
export const allowedInXml = (text: string): string =>
  text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

function xml(spec: ExportSpec, rows: readonly Row[]): string {
  const { reportType, contextId, dateFrom, dateTo } = spec;
  const lines = rows.map((row) => {
    const element = create().ele("row");
    columnsOf(spec).forEach((name, index) => {
      const value = row[index] ?? null;
      // xmlbuilder2 keeps an entity such as "&lt;" in a text as it is, so every "&" is escaped first.
      const text = allowedInXml(String(value)).replaceAll("&", "&amp;");
      if (value !== null) element.ele(name).txt(text);
    });
    return `${element.toString({ allowEmptyTags: true }).replaceAll("\r", "&#13;").replaceAll("\n", "&#10;")}\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<export reportType="${reportType}" contextId="${contextId}" dateFrom="${dateFrom}" dateTo="${dateTo}">
${lines.join("")}</export>
`;
}

export const references = { CSV: csv, JSON: json, XML: xml, NDJSON: ndjson } satisfies Record<
  Exclude<Format, "XLSX">,
  (spec: ExportSpec, rows: readonly Row[]) => string
>;

/** The values of the columns that the export has, in its order. */
export const chosen = (spec: ExportSpec, row: Row): Row =>
  columnsOf(spec).map((name) => row[COLUMNS[spec.reportType].indexOf(name)]!);

/** Puts named values into column order. */
export const rowOf = (
  reportType: ReportType,
  values: Readonly<Record<string, string | number | null>>,
): Row => COLUMNS[reportType].map((name) => values[name]!);
