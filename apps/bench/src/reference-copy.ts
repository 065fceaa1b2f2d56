import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { CSV_COLUMNS } from "./ingest-rows.ts";
import { psqlVersion, timedByPsql } from "./psql.ts";

/** How long it takes to copy a CSV file into the table of transactions, with its indexes, keys and checks. */
export type ReferenceCopy = {
  readonly name: string;
  readonly seconds: (path: string) => Promise<number>;
};

const COPY = `transactions (${CSV_COLUMNS}) FROM`;

/** psql's `\\copy` where it is installed, else the same COPY by a bare client. */
export async function openReferenceCopy(url: string, signal: AbortSignal): Promise<ReferenceCopy> {
  const version = await psqlVersion(signal);
  if (version === undefined) {
    return {
      name: "COPY by a bare client (psql is not installed)",
      seconds: (path) => viaClient(url, path, signal),
    };
  }
  return {
    name: `${version}, \\copy from a file`,
    seconds: (path) =>
      timedByPsql(url, `\\timing on\n\\copy ${COPY} '${path}' (FORMAT csv)\n`, signal),
  };
}

async function viaClient(url: string, path: string, signal: AbortSignal): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const began = performance.now();
    const target = client.query(copyFrom(`COPY ${COPY} STDIN (FORMAT csv)`));
    await pipeline(createReadStream(path), target, { signal });
    return (performance.now() - began) / 1_000;
  } finally {
    await client.end();
  }
}
