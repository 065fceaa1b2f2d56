import { stringify } from "csv-stringify/sync";
import type { FileFormat } from "./format.ts";

const FORMULA = /^[=@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Prefixes `'` to what a spreadsheet would take for a formula. */
const guarded = (text: string): string =>
  FORMULA.test(text) || (/^[+-]/.test(text) && !NUMBER.test(text)) ? `'${text}` : text;

/** RFC 4180 with LF and a header. */
export const csv: FileFormat = {
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
    suspects: '",\r\n',
    firstSuspects: "=@\t\r\n+-\uff1d",
    // All but the quote stay as they are: they only cause quotes around the text.
    replacements: { '"': '""', ",": ",", "\r": "\r", "\n": "\n" },
    quote: '"',
    escape: (text) => {
      const safe = guarded(text);
      // Null is an empty field: an empty text is quoted.
      return safe === "" || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    },
    maxGrowth: 2,
  },
};
