import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { inRetriedTransaction } from "../transaction.ts";

/** How many rows there are of each kind, without those of which there are none. */
export type Counts = Readonly<Record<string, number>>;

/** Rows per batch: their locks are held for some tens of milliseconds. */
export const BATCH = 1_000;

/** Runs a statement that changes at most {@link BATCH} rows until it changes none. Returns how many it has changed. */
export async function inBatches(
  client: pg.Client,
  sql: string,
  values: readonly unknown[],
): Promise<number> {
  for (let sum = 0; ;) {
    const { rowCount } = await inRetriedTransaction(client, () => client.query(sql, [...values]));
    if (!rowCount) return sum;
    sum += rowCount;
  }
}

/** The longest wait for what requests have begun. They end within 30 s; exports take longer, but write no event. */
const PATIENCE_MS = 60_000;

/** Polls until `isDone`, or gives up after {@link PATIENCE_MS}. */
export async function waitUntil(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isDone()) && Date.now() < deadline) await pause(100);
}

/**
 * Waits for the transactions that have used one of `tables`: they may have read the texts before they were erased, and write them to
 * an event or to the stored response of an idempotency key.
 */
export async function waitForReaders(client: pg.Client, tables: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ reader: string }>(READERS, [tables]);
  const readers = rows.map(({ reader }) => reader);
  await waitUntil(async () => {
    const { rowCount } = await client.query(STILL_RUNNING, [readers]);
    return rowCount === 0;
  });
}

const READERS = `
  SELECT DISTINCT virtualtransaction AS reader FROM pg_locks
  WHERE locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relation = ANY (ARRAY(SELECT to_regclass(name) FROM unnest($1::text[]) name)) AND pid <> pg_backend_pid()`;

const STILL_RUNNING = `SELECT FROM pg_locks WHERE virtualtransaction = ANY ($1::text[]) LIMIT 1`;

export const withoutZeros = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
