import { stringify } from "csv-stringify/sync";
import { create } from "xmlbuilder2";
import { type ExportSpec, type Format, type ReportType } from "@docket/domain";
import { reports } from "@docket/reports";

/** The contract's files, written by csv-stringify, JSON.stringify and xmlbuilder2: what Postgres renders must be the same bytes. */

/** A row's values in the order of the columns: decimals and times as the text they must become. */
export type Row = readonly (string | number | null)[];

const FORMULA = /^[=@\t\r\n\uff1d\uff0b\uff0d\uff20]/u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** The spreadsheet guard as the contract words it. */
export function guarded(text: string): string {
  const formula = FORMULA.test(text) || (/^[+-]/u.test(text) && !NUMBER.test(text));
  return formula ? `'${text}` : text;
}

function csv(spec: ExportSpec, rows: readonly Row[]): string {
  const columns = reports[spec.reportType];
  const header = columns.map(({ name }) => name);
  const safe = rows.map((row) =>
    row.map((value, index) =>
      typeof value === "string" && columns[index]!.kind === "text" ? guarded(value) : value,
    ),
  );
  // Null is empty, an empty text is "". RFC 4180 wants CR quoted too, whatever the record delimiter is.
  return stringify([header, ...safe], { record_delimiter: "\n", quoted_match: /^$|\r/u });
}

function json(spec: ExportSpec, rows: readonly Row[]): string {
  const names = reports[spec.reportType].map(({ name }) => name);
  const lines = rows.map((row) =>
    JSON.stringify(Object.fromEntries(row.map((value, index) => [names[index], value]))),
  );
  return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]\n`;
}

/** What a value becomes in XML 1.0: what it forbids is U+FFFD. */
export const allowedInXml = (text: string): string =>
  text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

function xml(spec: ExportSpec, rows: readonly Row[]): string {
  const { reportType, contextId, dateFrom, dateTo } = spec;
  const lines = rows.map((row) => {
    const element = create().ele("row");
    reports[reportType].forEach(({ name }, index) => {
      const value = row[index] ?? null;
      // xmlbuilder2 takes "&lt;" in a text for an entity and leaves it alone, so it gets every "&" escaped.
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

export const references = { CSV: csv, JSON: json, XML: xml } satisfies Record<
  Format,
  (spec: ExportSpec, rows: readonly Row[]) => string
>;

/** Values by name to values in the report's order. */
export const rowOf = (
  reportType: ReportType,
  values: Readonly<Record<string, string | number | null>>,
): Row => reports[reportType].map(({ name }) => values[name]!);
