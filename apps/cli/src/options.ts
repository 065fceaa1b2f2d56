import { resolve } from "node:path";

import type { Environment } from "@docket/stack";
import { InvalidArgumentError } from "commander";

/** A number of items, for commander. */
export function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("It must be a number above 0.");
  return Number(text);
}

/** Words separated by commas, for commander. */
export const parseWords = (text: string): readonly string[] =>
  text.split(/[\s,]+/).filter((word) => word !== "");

export const parseUpperWords = (text: string): readonly string[] =>
  parseWords(text).map((word) => word.toUpperCase());

/** A path as it was typed: npm changes to the package's directory, and INIT_CWD is where the command was typed. */
export const typedPath = ({ INIT_CWD }: Environment, path: string): string =>
  resolve(INIT_CWD || ".", path);

/** Leaves out what was not given, since the API takes no nulls. */
export const given = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
