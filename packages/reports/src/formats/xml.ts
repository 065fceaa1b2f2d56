import { create } from "xmlbuilder2";
import { CONTROLS, replacementsOf, type FileFormat } from "./format.ts";

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

const SUSPECTS = `&<>${CONTROLS.replace("\t", "")}`;

const escape = (text: string): string =>
  text
    .replace(FORBIDDEN_IN_XML, "\ufffd")
    .replace(/[&<>\r\n]/g, (character) => ESCAPES[character]!);

const isUtc = (timeZone: string): boolean => timeZone.toUpperCase() === "UTC";

/** One `<row>` a line; null elements are omitted. */
export const xml: FileFormat = {
  head: ({ reportType, contextId, dateFrom, dateTo, zone }) => {
    const whole = create({ version: "1.0", encoding: "UTF-8" })
      .ele("export", {
        reportType,
        contextId,
        dateFrom,
        dateTo,
        ...(zone !== undefined && !isUtc(zone.timeZone) && { timeZone: zone.timeZone }),
      })
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
    // U+FFFE has the same first byte as U+FFFF.
    suspects: `${SUSPECTS}\uffff`,
    replacements: replacementsOf(SUSPECTS, escape),
    escape,
    maxGrowth: 5,
  },
};
