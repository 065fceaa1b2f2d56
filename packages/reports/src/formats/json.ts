import { CONTROLS, firstBytes, type FileFormat } from "./format.ts";

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
    suspects: [...CONTROLS, ...firstBytes('"\\')],
    escape: (text) => JSON.stringify(text).slice(1, -1),
    maxGrowth: 6,
  },
};
