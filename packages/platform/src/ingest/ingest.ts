import type { LineFaults, RecordKind } from "@docket/domain";
import type pg from "pg";
import type { Statements } from "../database/client.ts";
import { currentTenant, liftQueryTimeout } from "../database/tenant.ts";
import { loadStagedRows } from "./load.ts";
import type { IngestCounts, LoadOptions } from "./loader.ts";
import { scopeOf } from "./sql.ts";
import { createStagingTable, stageRows, type RowSource } from "./staging.ts";

/**
 * `statement_timeout`: COPY lasts as long as the client sends.
 * `timezone` and `datestyle`: how dates in the rows are read.
 * `client_connection_check_interval`: if the API is killed, its running statement ends within a second.
 */
const SESSION = `
  SET LOCAL statement_timeout = 0;
  SET LOCAL timezone = 'UTC';
  SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL work_mem = '64MB';
  SET LOCAL client_connection_check_interval = '1s'`;

export type IngestOptions = LoadOptions & {
  /** A context of the current tenant. */
  readonly contextId: string;
  readonly kind: RecordKind;
  readonly rows: RowSource;
  /** Receives the faults that the database finds. It may already hold faults found while `rows` was read. */
  readonly faults: LineFaults;
  readonly signal: AbortSignal;
  /** Runs in the same transaction after the last write; if it rejects, everything is rolled back. */
  readonly beforeCommit?: (counts: IngestCounts, tx: Statements) => Promise<unknown>;
};

/**
 * Streams rows into a staging table, checks them there, and applies them to the tenant's tables: all or nothing, in one
 * transaction on one connection.
 *
 * @throws DocketError `invalid_records` if there are faults; the signal's reason if it aborts; any error of `rows`.
 */
export async function ingestRows(pool: pg.Pool, options: IngestOptions): Promise<IngestCounts> {
  const { signal } = options;
  signal.throwIfAborted();
  const client = await pool.connect();
  liftQueryTimeout(client);
  const cancellation = cancelOnAbort(pool, client, signal);
  let isBroken = false;
  try {
    const counts = await runTransaction(client, options, cancellation.arm);
    if (counts.inserted + counts.updated > MANY_CHANGES) await renewStatistics(client);
    return counts;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => (isBroken = true));
    throw signal.aborted ? signal.reason : error;
  } finally {
    const wasCanceled = await cancellation.disarm();
    client.release(isBroken || wasCanceled);
  }
}

async function runTransaction(
  client: pg.PoolClient,
  { contextId, kind, rows, beforeCommit, signal, ...options }: IngestOptions,
  onStaged: () => void,
): Promise<IngestCounts> {
  await client.query(`BEGIN; ${SESSION}`);
  await client.query(createStagingTable(kind));
  const stagedRows = await stageRows(client, kind, rows, signal);
  if (options.faults.isFull()) options.faults.throwIfAny();
  onStaged();
  signal.throwIfAborted();
  const scope = scopeOf(currentTenant(), contextId);
  const counts = await loadStagedRows(client, scope, kind, stagedRows, options);
  await beforeCommit?.(counts, {
    $executeRawUnsafe: async (sql, ...values) => (await client.query(sql, values)).rowCount ?? 0,
  });
  signal.throwIfAborted();
  await client.query("COMMIT");
  return counts;
}

/**
 * Once armed, an abort of `signal` cancels the statement that runs on `client`: an update of millions of rows does not notice
 * that its client is gone.
 */
function cancelOnAbort(
  pool: pg.Pool,
  client: pg.PoolClient,
  signal: AbortSignal,
): { readonly arm: () => void; readonly disarm: () => Promise<boolean> } {
  let canceled: Promise<unknown> | undefined;
  const cancel = (): void => {
    canceled = pool
      .query("SELECT pg_cancel_backend($1)", [processId(client)])
      .catch(() => undefined);
  };
  return {
    arm: () => signal.addEventListener("abort", cancel, { once: true }),
    // A cancel may reach the server late and hit the connection's next user, so the connection must then be closed.
    disarm: async () => {
      signal.removeEventListener("abort", cancel);
      await canceled;
      return canceled !== undefined;
    },
  };
}

const processId = (client: pg.PoolClient): number | null =>
  (client as unknown as { processID: number | null }).processID;

/**
 * From this many changes on, the statistics are renewed before the request is answered (0.2 s for 450 000 rows). Autovacuum
 * would take a minute or more, and an export created meanwhile would be planned for a handful of rows and take hours.
 */
const MANY_CHANGES = 10_000;

/** The ingest is committed; it stays successful if this fails. */
async function renewStatistics(client: pg.PoolClient): Promise<void> {
  await client.query("SELECT analyze_records()").catch(() => undefined);
}
