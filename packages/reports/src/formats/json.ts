import { CONTROLS, replacementsOf, type FileFormat } from "./format.ts";

const SUSPECTS = `"\\${CONTROLS}`;

const escape = (text: string): string => JSON.stringify(text).slice(1, -1);

/** One array, one object a line. Decimals are strings: as numbers, readers would round them. */
export const json: FileFormat = {
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
    suspects: SUSPECTS,
    replacements: replacementsOf(SUSPECTS, escape),
    escape,
    maxGrowth: 6,
  },
};
