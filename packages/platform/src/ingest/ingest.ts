import type { LineFaults, RecordKind } from "@docket/domain";
import type pg from "pg";
import { statementsOf, type Statements } from "../database/client.ts";
import { promptly } from "../database/promptly.ts";
import { currentTenant, withoutTenant } from "../database/tenant.ts";
import { disableResultTimeout } from "../database/tenant-pool.ts";
import { loadStagedRows } from "./load.ts";
import type { IngestCounts, LoadOptions } from "./loader.ts";
import { scopeOf } from "./sql.ts";
import { createStagingTable, stageRows, type RowBatches } from "./staging.ts";

/**
 * `statement_timeout`: COPY lasts as long as the client sends.
 * `timezone` and `datestyle`: how dates in the rows are read.
 * `default_statistics_target`: the planner needs little more than the row counts of the staging tables.
 * `jit`: compiling a statement takes longer than it saves.
 * `client_connection_check_interval`: if the API is killed, its running statement ends within a second.
 */
const SESSION = `
  SET LOCAL statement_timeout = 0;
  SET LOCAL timezone = 'UTC';
  SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL work_mem = '64MB';
  SET LOCAL default_statistics_target = 10;
  SET LOCAL jit = off;
  SET LOCAL client_connection_check_interval = '1s'`;

export type IngestOptions<Result> = LoadOptions & {
  /** A context of the current tenant. */
  readonly contextId: string;
  readonly kind: RecordKind;
  readonly rows: RowBatches;
  /** Receives the faults that the database finds. It may already hold faults found while `rows` was read. */
  readonly faults: LineFaults;
  readonly signal: AbortSignal;
  /** Runs in the same transaction after the last write; if it rejects, everything is rolled back. */
  readonly beforeCommit: (tx: Statements, counts: IngestCounts) => Promise<Result>;
};

/**
 * Streams rows into a staging table, checks them there, and applies them to the tenant's tables: all or nothing, in one
 * transaction on one connection.
 *
 * @returns what `beforeCommit` returns.
 * @throws DocketError `invalid_records` if there are faults; the signal's reason if it aborts; any error of `rows`.
 */
export async function ingestRows<Result>(
  pool: pg.Pool,
  options: IngestOptions<Result>,
): Promise<Result> {
  const { signal } = options;
  signal.throwIfAborted();
  const client = await pool.connect();
  disableResultTimeout(client);
  const cancellation = cancelOnAbort(pool, signal);
  let isBroken = false;
  try {
    const { counts, result } = await runTransaction(client, options, cancellation.arm);
    if (counts.inserted + counts.updated > MANY_CHANGES) await renewStatistics(client);
    return result;
  } catch (error) {
    await client.query(promptly("ROLLBACK")).catch(() => (isBroken = true));
    throw signal.aborted ? signal.reason : error;
  } finally {
    const wasCanceled = await cancellation.disarm();
    client.release(isBroken || wasCanceled);
  }
}

async function runTransaction<Result>(
  client: pg.PoolClient,
  { contextId, kind, rows, beforeCommit, signal, ...options }: IngestOptions<Result>,
  onStaged: (backendPid: number | undefined) => void,
): Promise<{ readonly counts: IngestCounts; readonly result: Result }> {
  await client.query(`BEGIN; ${SESSION}`);
  const backend = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  await client.query(createStagingTable(kind));
  const stagedRows = await stageRows(client, kind, rows, signal);
  if (options.faults.isFull()) options.faults.throwIfAny();
  onStaged(backend.rows[0]?.pid);
  signal.throwIfAborted();
  const scope = scopeOf(currentTenant(), contextId);
  const counts = await loadStagedRows(client, scope, kind, stagedRows, options);
  const result = await beforeCommit(statementsOf(client), counts);
  signal.throwIfAborted();
  await client.query("COMMIT");
  return { counts, result };
}

/**
 * Once armed, an abort of `signal` cancels the statement that the backend runs: an update of millions of rows does not notice
 * that its client is gone.
 */
function cancelOnAbort(
  pool: pg.Pool,
  signal: AbortSignal,
): {
  readonly arm: (backendPid: number | undefined) => void;
  readonly disarm: () => Promise<boolean>;
} {
  let canceled: Promise<unknown> | undefined;
  let backend: number | undefined;
  const cancel = (): void => {
    // The tenant's connections may all be in use, by ingests that wait for this one.
    canceled = withoutTenant(() => pool.query("SELECT pg_cancel_backend($1)", [backend])).catch(
      () => undefined,
    );
  };
  return {
    arm: (backendPid) => {
      backend = backendPid;
      signal.addEventListener("abort", cancel, { once: true });
    },
    // A cancel may reach the server late and hit the connection's next user, so the connection must then be closed.
    disarm: async () => {
      signal.removeEventListener("abort", cancel);
      await canceled;
      return canceled !== undefined;
    },
  };
}

/**
 * From this many changes on, the statistics are renewed before the request is answered (0.2 s for 450,000 rows). Autovacuum
 * would take a minute or more, and an export created meanwhile would be planned for a handful of rows and take hours.
 */
const MANY_CHANGES = 10_000;

const RENEW_STATISTICS = `
  BEGIN;
  SET LOCAL statement_timeout = '30s';
  SELECT analyze_records();
  COMMIT`;

/** The ingest is committed; it stays successful if this fails. The pool then discards the connection. */
async function renewStatistics(client: pg.PoolClient): Promise<void> {
  await client.query(RENEW_STATISTICS).catch(() => undefined);
}
