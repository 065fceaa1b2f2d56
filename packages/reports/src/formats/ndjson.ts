import type { FileFormat } from "./format.ts";
import { json } from "./json.ts";

/** The objects of the JSON format, each on a line of its own; no bytes when there is no row. */
export const ndjson: FileFormat = {
  ...json,
  head: () => "",
  afterRow: "}\n",
  betweenRows: "",
  tail: "",
  empty: () => "",
};
