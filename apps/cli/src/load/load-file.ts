import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";

import { UsageError } from "@docket/terminal";

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
export function findLoadFile(path: string): LoadFile {
  const name = /\.(csv|ndjson|jsonl)(\.gz)?$/i.exec(basename(path));
  if (name === null) {
    throw new UsageError(
      `${path} must end in .csv, .ndjson or .jsonl, or in one of these and .gz.`,
    );
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

const CHUNK_BYTES = 256 * 1_024;

/** The bytes of a file. An error breaks the request off, so that the API writes nothing. */
export async function* readLoadFile({ path, bytes }: LoadFile): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    read += (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  if (read !== bytes) {
    throw new Error(`${path} changed while it was being sent. Nothing was written.`);
  }
}
