import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** One bank's line, the same for the same number. */
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

/** Lines that leave together: fewer and longer writes. */
const LINES_PER_CHUNK = 1_000;

function linesOf(count: number, line: (row: Row) => string): Readable {
  function* chunks(): Generator<string> {
    for (let from = 1; from <= count; from += LINES_PER_CHUNK) {
      const length = Math.min(LINES_PER_CHUNK, count - from + 1);
      yield Array.from({ length }, (_, index) => line(rowOf(from + index))).join("");
    }
  }
  return Readable.from(chunks());
}

/** As the records call takes them. */
export const asJson = (count: number, source: string): Readable =>
  linesOf(count, (row) => `${JSON.stringify({ source, ...row })}\n`);

/** As COPY takes them, with `first` before each row's own columns: nothing in them needs quoting. */
export const asCsv = (count: number, first: readonly string[]): Readable =>
  linesOf(count, (row) => `${[...first, ...Object.values(row)].join(",")}\n`);

/** The columns of `asCsv`. */
export const CSV_COLUMNS =
  "tenant_id, context_id, source_id, external_id, amount, currency, date, description";

export const toFile = (rows: Readable, path: string): Promise<void> =>
  pipeline(rows, createWriteStream(path));
