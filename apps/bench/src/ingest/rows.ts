import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A bank transaction; the same number always gives the same row. */
type Row = {
  readonly externalId: string;
  readonly amount: string;
  readonly currency: string;
  readonly date: string;
  readonly description: string;
};

const CURRENCIES = ["CZK", "EUR", "USD"];
const FIRST_DAY = Date.UTC(2026, 0, 1);

function rowOf(number: number): Row {
  const cents = ((number * 7_919) % 1_000_000) + 1;
  return {
    externalId: `BNK-${String(number).padStart(10, "0")}`,
    amount: (cents / 100).toFixed(2),
    currency: CURRENCIES[number % 3]!,
    date: new Date(FIRST_DAY + ((number * 7_769) % 7_689_600) * 1_000).toISOString(),
    description: `Card settlement batch ${String(number % 99_991).padStart(8, "0")}`,
  };
}

/** Larger writes are fewer and faster. */
const LINES_PER_CHUNK = 1_000;

function linesOf(count: number, line: (row: Row) => string): Readable {
  function* chunks(): Generator<string> {
    for (let first = 1; first <= count; first += LINES_PER_CHUNK) {
      const length = Math.min(LINES_PER_CHUNK, count - first + 1);
      yield Array.from({ length }, (_, index) => line(rowOf(first + index))).join("");
    }
  }
  return Readable.from(chunks());
}

/** `count` rows as NDJSON records of `source`. */
export const ndjsonRows = (count: number, source: string): Readable =>
  linesOf(count, (row) => `${JSON.stringify({ source, ...row })}\n`);

/** `count` rows as CSV with the columns {@link CSV_COLUMNS}; `ids` are the first three. No value needs quoting. */
export const csvRows = (count: number, ids: readonly [string, string, string]): Readable =>
  linesOf(count, (row) => `${[...ids, ...Object.values(row)].join(",")}\n`);

export const CSV_COLUMNS =
  "tenant_id, context_id, source_id, external_id, amount, currency, date, description";

export const writeRows = (rows: Readable, path: string): Promise<void> =>
  pipeline(rows, createWriteStream(path));
