import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { psqlVersion, timeWithPsql } from "../psql.ts";
import { CSV_COLUMNS } from "./rows.ts";

/** Measures a COPY of a CSV file into the transactions table with its indexes, keys and checks. */
export type ReferenceCopy = {
  readonly name: string;
  /** @returns seconds */
  readonly measure: (path: string) => Promise<number>;
};

const TARGET = `transactions (${CSV_COLUMNS})`;

/** Uses psql's `\copy` when psql is installed, otherwise a bare client. */
export async function openReferenceCopy(url: string, signal: AbortSignal): Promise<ReferenceCopy> {
  const version = await psqlVersion(signal);
  if (version === undefined) {
    return {
      name: "COPY by a bare client (psql is not installed)",
      measure: (path) => timeWithClient(url, path, signal),
    };
  }
  return {
    name: `${version}, \\copy from a file`,
    measure: (path) =>
      timeWithPsql(url, `\\timing on\n\\copy ${TARGET} FROM '${path}' (FORMAT csv)\n`, signal),
  };
}

async function timeWithClient(url: string, path: string, signal: AbortSignal): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const start = performance.now();
    const target = client.query(copyFrom(`COPY ${TARGET} FROM STDIN (FORMAT csv)`));
    await pipeline(createReadStream(path), target, { signal });
    return (performance.now() - start) / 1_000;
  } finally {
    await client.end();
  }
}
