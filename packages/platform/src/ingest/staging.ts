import { pipeline } from "node:stream/promises";
import { stagingColumns, type RecordKind, type StagingColumn } from "@docket/domain";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { copyText, type StagingRow } from "./copy-text.ts";

/** Batches of rows in the order of the body. Iterated once; ends with an error when `signal` aborts. */
export type RowBatches = (signal: AbortSignal) => AsyncIterable<readonly StagingRow[]>;

const SQL_TYPES = {
  source: "uuid",
  key: "text",
  text: "text",
  amount: "numeric(28, 8)",
  currency: "text",
  instant: "timestamptz(3)",
  choice: "text",
  percent: "numeric(5, 2)",
  path: "text",
} as const satisfies Record<StagingColumn["kind"], string>;

/** The columns that identify a record. */
export const keyColumns = (kind: RecordKind): readonly StagingColumn[] =>
  stagingColumns(kind).filter(({ required }) => required === "always");

export function createStagingTable(kind: RecordKind): string {
  const columns = stagingColumns(kind).map(
    ({ column, kind: type, required }) =>
      `${column} ${SQL_TYPES[type]}${required === "always" ? " NOT NULL" : ""}`,
  );
  return `CREATE TEMP TABLE ingest_rows (line bigint NOT NULL, ${columns.join(", ")}) ON COMMIT DROP`;
}

/**
 * Streams rows into the staging table and returns how many there were. A staging table is needed because COPY refuses tables
 * with row-level security, and because the checks compare all rows with each other.
 */
export async function stageRows(
  client: pg.PoolClient,
  kind: RecordKind,
  rows: RowBatches,
  signal: AbortSignal,
): Promise<number> {
  const columns = stagingColumns(kind).map(({ column }) => column);
  const copy = client.query(
    copyFrom(`COPY ingest_rows (${["line", ...columns].join(", ")}) FROM STDIN`),
  );
  // Stops reading when the server fails, even if the client sends nothing at that moment.
  const failed = new AbortController();
  copy.once("error", (error) => failed.abort(error));
  const encode = async function* encode(
    batches: AsyncIterable<readonly StagingRow[]>,
  ): AsyncGenerator<Buffer> {
    for await (const batch of batches) yield Buffer.from(copyText(columns, batch));
  };
  await pipeline(rows(AbortSignal.any([signal, failed.signal])), encode, copy, { signal });
  return copy.rowCount;
}
