import { pipeline } from "node:stream/promises";
import type { LineFaults, RecordKind } from "@docket/domain";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Statements } from "../database/client.ts";
import { currentTenant } from "../database/tenant.ts";
import { disableResultTimeout } from "../database/tenant-pool.ts";
import { exceptions } from "./exceptions.ts";
import { feeVariances } from "./fee-variances.ts";
import {
  scopeOf,
  type IngestCounts,
  type Loaders,
  type LoadOptions,
  type Run,
  type Scope,
} from "./loader.ts";
import { matchGroups } from "./match-groups.ts";
import { transactions } from "./transactions.ts";

const loaders = {
  transactions,
  "match-groups": matchGroups,
  "fee-variances": feeVariances,
  exceptions,
} as const satisfies Loaders;

/**
 * The session of an ingest. statement_timeout: it lasts as long as the client sends. The next two: how dates are read.
 * client_connection_check_interval: an upsert whose API was killed ends within a second instead of at its end.
 */
const SESSION = `
  SET LOCAL statement_timeout = 0;
  SET LOCAL timezone = 'UTC';
  SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL work_mem = '64MB';
  SET LOCAL client_connection_check_interval = '1s'`;

export type IngestOptions = LoadOptions & {
  /** A context of this scope's tenant. */
  readonly contextId: string;
  readonly kind: RecordKind;
  /** The rows in COPY's text format (`copyRow`); ends with an error when `stop` aborts. Read once. */
  readonly rows: (stop: AbortSignal) => AsyncIterable<Buffer>;
  /** Takes the faults that the database finds, beside those that the caller finds while `rows` is read. */
  readonly faults: LineFaults;
  readonly signal: AbortSignal;
  /** Runs after the last write, on the same connection: what it writes commits with the rows; when it fails, nothing does. */
  readonly beforeCommit?: (counts: IngestCounts, within: Statements) => Promise<unknown>;
};

/**
 * Streams rows into a staging table, checks them there as a whole, and brings the tenant's own tables up to date: all of it
 * or nothing, in one transaction on one connection.
 *
 * @throws DocketError `invalid_records` when there are faults; the signal's reason when it aborts; whatever `rows` throws.
 */
export async function ingestRows(pool: pg.Pool, options: IngestOptions): Promise<IngestCounts> {
  const { contextId, kind, rows, faults, signal } = options;
  const scope = scopeOf(currentTenant(), contextId);
  const loader = loaders[kind];
  signal.throwIfAborted();
  const client = await pool.connect();
  // As SESSION says it to the server.
  disableResultTimeout(client);
  const quiet = (): void => undefined;
  // An upsert of millions of rows does not notice that its client has gone: ask the server to end it.
  let canceled: Promise<unknown> | undefined;
  let pid: number | undefined;
  const cancel = (): void => {
    canceled = pool.query("SELECT pg_cancel_backend($1)", [pid]).catch(quiet);
  };
  let broken = false;
  try {
    await client.query(`BEGIN; ${SESSION}`);
    const backend = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    pid = backend.rows[0]?.pid;
    await client.query(
      `CREATE TEMP TABLE ingest_rows (line bigint NOT NULL, ${loader.columns}) ON COMMIT DROP`,
    );
    const staged = await stage(client, rows, signal);
    if (faults.full()) faults.refuse();
    signal.addEventListener("abort", cancel, { once: true });
    signal.throwIfAborted();
    const counts = await load(client, scope, staged, options);
    await options.beforeCommit?.(counts, {
      $executeRawUnsafe: async (sql, ...values) => (await client.query(sql, values)).rowCount ?? 0,
    });
    signal.throwIfAborted();
    await client.query("COMMIT");
    if (counts.inserted + counts.updated > MANY_CHANGES) {
      // What was loaded is there whether or not this succeeds.
      await client.query("SELECT analyze_records()").catch(quiet);
    }
    return counts;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => (broken = true));
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", cancel);
    // A cancel may reach the server late: it must not hit the next one who gets this connection.
    await canceled;
    client.release(broken || canceled !== undefined);
  }
}

/**
 * From so many changes on, the statistics are renewed (0.2 s for 450 000 rows) before the answer goes out. Left to autovacuum,
 * which comes within a minute or so, an export ordered at once would be planned for a handful of rows, and take hours.
 */
const MANY_CHANGES = 10_000;

/** COPY cannot write into a table with row-level security, and the checks want all rows side by side: hence the staging table. */
async function stage(
  client: pg.PoolClient,
  rows: IngestOptions["rows"],
  signal: AbortSignal,
): Promise<number> {
  // A server that fails must end the reading too, also while the client sends nothing.
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const copy = client.query(copyFrom("COPY ingest_rows FROM STDIN"));
  copy.once("error", (error) => failed.abort(error));
  await pipeline(rows(stop), copy, { signal });
  return copy.rowCount;
}

/** Up to here it pays to look each row up; beyond, to read both sides once. */
const MANY_ROWS = 20_000;

async function load(
  client: pg.PoolClient,
  scope: Scope,
  staged: number,
  options: IngestOptions,
): Promise<IngestCounts> {
  const { kind, faults } = options;
  const loader = loaders[kind];
  // This line makes two ingests into one context safe: from here to COMMIT they take turns, so that neither checks
  // allocations against, nor writes over, what the other has not committed yet, and they cannot wait for each other in a
  // circle. READ COMMITTED: every statement below sees what the one before us has committed. It is taken after the rows
  // are staged, so that a slow client holds nobody up.
  await client.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('records ' || ${scope.tenant} || ${scope.context}, 0))`,
  );

  const run: Run = {
    rows: async (sql) => (await client.query(sql)).rowCount ?? 0,
    count: async (table) => {
      const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
      return Number(rows[0]?.count);
    },
    faults: async (sql) => {
      const found = await client.query<[string, string, string]>({ text: sql, rowMode: "array" });
      for (const [line, field, detail] of found.rows) faults.add(Number(line), field, detail);
      return found.rows.length > 0;
    },
  };
  // The planner's statistics lag behind a big load by a minute or more: it would expect no rows for a tenant that has
  // millions, and compare everything with everything. Many rows are joined by hashing, few by index, whichever side leads.
  const many = staged > MANY_ROWS;
  if (many) await run.rows("SET LOCAL enable_nestloop = off");
  else await run.rows(`CREATE INDEX ON ingest_rows (${loader.key})`);
  await run.rows("ANALYZE ingest_rows");
  for (const sql of loader.resolve(scope)) await run.rows(sql);
  if (!many) for (const columns of loader.indexes) await run.rows(`CREATE INDEX ON ${columns}`);
  for (const sql of loader.checks(scope, options)) await run.faults(sql);
  faults.refuse();
  const { received, inserted, updated } = await loader.apply(scope, run);
  faults.refuse();
  return { received, inserted, updated, unchanged: received - inserted - updated };
}
