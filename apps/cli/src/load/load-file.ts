import { statSync } from "node:fs";
import { basename, resolve } from "node:path";

import type { Environment } from "@docket/stack";
import { UsageError } from "@docket/terminal";

import { usageError } from "./usage.ts";

/** A file of records on disk. */
export type LoadFile = {
  readonly path: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly gzip: boolean;
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
};

/** Finds a file of records. Its name determines its format. @throws UsageError */
export function findLoadFile(file: string, { INIT_CWD }: Environment): LoadFile {
  // npm changes to the package's directory; INIT_CWD is where the command was typed.
  const path = resolve(INIT_CWD || ".", file);
  const name = /\.(csv|ndjson|jsonl)(\.gz)?$/i.exec(basename(file));
  if (name === null) {
    throw usageError(`${file} must end in .csv, .ndjson or .jsonl, or in one of these and .gz`);
  }
  const contentType = CONTENT_TYPES[name[1]!.toLowerCase()]!;
  return { path, bytes: sizeOf(path), contentType, gzip: name[2] !== undefined };
}

function sizeOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`There is no file ${path}.`);
  if (!stats.isFile()) throw new UsageError(`${path} is not a file.`);
  return stats.size;
}
