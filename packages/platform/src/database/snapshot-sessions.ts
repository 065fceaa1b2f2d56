import pg from "pg";
import { promptly } from "./promptly.ts";

/** A connection of a snapshot. */
export type Session = {
  readonly client: pg.PoolClient;
  /** The process ID of its backend, once known. */
  pid: number | undefined;
};

const BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/**
 * `statement_timeout` is longer than any export takes, also into a slow store: a COPY without an end must not hold a worker for ever.
 * Reports rely on `timezone` and `datestyle` to render times. `client_connection_check_interval` ends a COPY within a second after
 * its worker was killed, instead of at its next write. A session without a statement waits for the COPY of the other one; a snapshot
 * holds no locks that others wait for.
 */
const SETTINGS = `
  SET LOCAL timezone = 'UTC';
  SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL statement_timeout = '6h';
  SET LOCAL idle_in_transaction_session_timeout = 0;
  SET LOCAL work_mem = '64MB';
  SET LOCAL jit = off;
  SET LOCAL client_connection_check_interval = '1s'`;

/** A replica shows what it has replayed, which may lag behind. */
const EXPORT_SNAPSHOT = `
  SELECT CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_xact_replay_timestamp(), statement_timestamp())
              ELSE statement_timestamp() END AS as_of,
         pg_export_snapshot() AS snapshot_id, pg_backend_pid() AS pid`;

/** Begins a snapshot that other sessions can join while this one is open. */
export async function beginSnapshot(session: Session): Promise<{ asOf: Date; snapshotId: string }> {
  const { client } = session;
  await client.query(promptly(`${BEGIN}; ${SETTINGS}`));
  const { rows } = await client.query<{ as_of: Date; snapshot_id: string; pid: number }>(
    promptly(EXPORT_SNAPSHOT),
  );
  const [{ as_of: asOf, snapshot_id: snapshotId, pid }] = rows as [(typeof rows)[number]];
  session.pid = pid;
  return { asOf, snapshotId };
}

/** Joins a snapshot for queries beside the COPY. They run without parallel workers, to leave the processors to the COPY. */
export async function joinSnapshot(session: Session, snapshotId: string): Promise<void> {
  const { client } = session;
  const join = `SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(snapshotId)}`;
  const settings = `${SETTINGS}; SET LOCAL max_parallel_workers_per_gather = 0`;
  await client.query(promptly(`${BEGIN}; ${join}; ${settings}`));
  const { rows } = await client.query<{ pid: number }>(promptly("SELECT pg_backend_pid() AS pid"));
  session.pid = rows[0]?.pid;
}

/** Ends the transactions, and with them their settings, and gives the connections back. One that does not answer is discarded. */
export async function releaseSessions(sessions: readonly Session[]): Promise<void> {
  const release = async ({ client }: Session): Promise<void> => {
    const hasEnded = await client.query(promptly("COMMIT")).then(
      () => true,
      () => false,
    );
    client.release(!hasEnded);
  };
  await Promise.all(sessions.map(release));
}

/** Cancels what the sessions still run and discards their connections. */
export async function endSessions(pool: pg.Pool, sessions: readonly Session[]): Promise<void> {
  const pids = sessions.map(({ pid }) => pid).filter((pid) => pid !== undefined);
  // Closing a socket does not stop a COPY or a sort at once, so ask the server first. If that fails,
  // client_connection_check_interval ends them.
  if (pids.length > 0) await pool.query(promptly(CANCEL, [pids])).catch(() => undefined);
  for (const { client } of sessions) client.release(true);
}

const CANCEL =
  "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = ANY($1) AND state = 'active'";
