import { stringify } from "csv-stringify/sync";
import type { ExportSpec, Format } from "@docket/domain";
import { create } from "xmlbuilder2";
import type { Column } from "../columns.ts";
import type { TextRules } from "./text.ts";

/** What surrounds the value of a column; `whenNull` stands in place of all three. */
export type Cell = { readonly before: string; readonly after: string; readonly whenNull: string };

/** A file format (docs/api.md §3) as data. */
export type FileFormat = {
  /** Everything before the first row. */
  readonly head: (spec: ExportSpec, columns: readonly Column[]) => string;
  readonly beforeRow: string;
  readonly afterRow: string;
  readonly betweenRows: string;
  /** Everything after the last row. */
  readonly tail: string;
  /** The whole file when there is no row. */
  readonly empty: (head: string) => string;
  readonly cell: (column: Column, index: number) => Cell;
  readonly text: TextRules;
};

const bytesOf = (characters: string): readonly number[] =>
  Array.from(characters, (character) => Buffer.from(character)[0]!);

const CONTROLS = Array.from({ length: 32 }, (_, code) => code);

const FORMULA = /^[=@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Prefixes `'` to what a spreadsheet would take for a formula. */
const guarded = (text: string): string =>
  FORMULA.test(text) || (/^[+-]/.test(text) && !NUMBER.test(text)) ? `'${text}` : text;

const csv: FileFormat = {
  head: (_spec, columns) =>
    stringify([columns.map(({ name }) => name)], { record_delimiter: "\n" }),
  beforeRow: "",
  afterRow: "\n",
  betweenRows: "",
  tail: "",
  empty: (head) => head,
  cell: (_column, index) => {
    const before = index === 0 ? "" : ",";
    return { before, after: "", whenNull: before };
  },
  text: {
    suspects: bytesOf('",\r\n'),
    firstSuspects: bytesOf("=@\t+-\uff1d"),
    escape: (text) => {
      const safe = guarded(text);
      // Null is an empty field: an empty text is quoted.
      return safe === "" || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    },
    maxGrowth: 2,
  },
};

const json: FileFormat = {
  head: () => "[\n",
  beforeRow: "{",
  afterRow: "}",
  betweenRows: ",\n",
  tail: "\n]\n",
  empty: () => "[]",
  cell: ({ name, kind }, index) => {
    const key = `${index === 0 ? "" : ","}"${name}":`;
    const quote = kind === "integer" ? "" : '"';
    return { before: key + quote, after: quote, whenNull: `${key}null` };
  },
  text: {
    suspects: [...CONTROLS, ...bytesOf('"\\')],
    escape: (text) => JSON.stringify(text).slice(1, -1),
    maxGrowth: 6,
  },
};

// oxlint-disable-next-line no-control-regex -- XML 1.0 forbids control characters.
const FORBIDDEN_IN_XML = /[\0-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  // A parser would read a raw CR as LF, and a row is one line.
  "\r": "&#13;",
  "\n": "&#10;",
};

const xml: FileFormat = {
  head: ({ reportType, contextId, dateFrom, dateTo }) => {
    const whole = create({ version: "1.0", encoding: "UTF-8" })
      .ele("export", { reportType, contextId, dateFrom, dateTo })
      .end({ prettyPrint: true, allowEmptyTags: true });
    return `${whole.slice(0, whole.lastIndexOf("</export>"))}\n`;
  },
  beforeRow: "<row>",
  afterRow: "</row>\n",
  betweenRows: "",
  tail: "</export>\n",
  empty: (head) => `${head}</export>\n`,
  cell: ({ name }) => ({ before: `<${name}>`, after: `</${name}>`, whenNull: "" }),
  text: {
    suspects: [...CONTROLS.filter((code) => code !== 9), ...bytesOf("&<>\uffff")],
    escape: (text) =>
      text
        .replace(FORBIDDEN_IN_XML, "\ufffd")
        .replace(/[&<>\r\n]/g, (character) => ESCAPES[character]!),
    maxGrowth: 5,
  },
};

export const fileFormats = { CSV: csv, JSON: json, XML: xml } as const satisfies Record<
  Format,
  FileFormat
>;
