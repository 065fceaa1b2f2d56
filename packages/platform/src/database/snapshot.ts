import type { Readable } from "node:stream";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";

/** The rows of a COPY as they arrive. `rowCount` is the count of COPY's own command tag, there only once the stream is whole. */
export type CopyStream = Readable & { readonly rowCount?: number };

/** One view of the database that no later commit changes. */
export type Snapshot = {
  /** The instant that it shows. */
  readonly asOf: Date;
  /**
   * Guards the queries to come against stale statistics, and tells about how many rows they will handle.
   *
   * @param driverSql the rows that they start from, as a plain SELECT. Where the planner expects far fewer than there are
   * (a context that was filled since the last ANALYZE), it would join a million rows by nested loops, which takes
   * hours; hash joins are linear whatever the guess was. Not always, since for few rows nested loops are the better way.
   */
  readonly preparePlans: (driverSql: string) => Promise<number>;
  /** Starts a `COPY (…) TO STDOUT`. One at a time. */
  readonly copy: (sql: string) => CopyStream;
  /** Runs a `SELECT count(*)` on the same snapshot, beside the COPY. */
  readonly count: (sql: string) => Promise<number>;
  /** Rows that the running COPY has processed so far. */
  readonly rowsCopied: () => Promise<number>;
  /** Ends what still runs on the server, and gives the connections back. Safe to call at any time, and twice. */
  readonly close: () => Promise<void>;
};

/** Connections that one open snapshot takes at most: the COPY, the count, and a moment's one for progress or cancel. */
export const CONNECTIONS_PER_SNAPSHOT = 3;

/**
 * The settings of an export session. Reports rely on the first two to print times.
 * client_connection_check_interval: a COPY whose worker was killed ends within a second instead of at its next write.
 */
const SESSION = `
  SET LOCAL timezone = 'UTC';
  SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL statement_timeout = 0;
  SET LOCAL work_mem = '64MB';
  SET LOCAL jit = off;
  SET LOCAL client_connection_check_interval = '1s'`;

/** What the server answers at once, unless the connection is dead: then it is an outage and not a wait without end. */
const promptly = (text: string, values: unknown[] = []): pg.QueryConfig =>
  // `pg` knows it for a single query too; its types do not.
  ({ text, values, query_timeout: PROMPT_MS }) as pg.QueryConfig;

const PROMPT_MS = 5_000;

const BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** Opens a `REPEATABLE READ READ ONLY` snapshot as the tenant of this scope. */
export async function openSnapshot(pool: pg.Pool): Promise<Snapshot> {
  const main = await pool.connect();
  let side: pg.PoolClient | undefined;
  let closed: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    const clients = side === undefined ? [main] : [main, side];
    // Closing a socket does not stop a COPY or a sort at once: ask the server first.
    // If it cannot be asked, client_connection_check_interval ends them.
    await pool
      .query(
        promptly(
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = ANY($1) AND state = 'active'",
          [clients.map(processId)],
        ),
      )
      .catch(() => undefined);
    for (const client of clients) client.release(true);
  };

  try {
    await main.query(promptly(BEGIN));
    await main.query(promptly(SESSION));
    const { rows } = await main.query<{ as_of: Date; snapshot: string }>(promptly(AS_OF));
    const [{ as_of: asOf, snapshot }] = rows as [{ as_of: Date; snapshot: string }];
    side = await pool.connect();
    await side.query(promptly(BEGIN));
    await side.query(promptly(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(snapshot)}`));
    await side.query(promptly(SESSION));
    // The count is done long before the COPY: it must not take the processors that render the rows.
    await side.query(promptly("SET LOCAL max_parallel_workers_per_gather = 0"));
    const counter = side;
    return {
      asOf,
      preparePlans: async (driverSql) => {
        const explained = await main.query<Explained>(`EXPLAIN (FORMAT JSON) ${driverSql}`);
        const guess = explained.rows[0]!["QUERY PLAN"][0].Plan["Plan Rows"];
        const counted = await main.query<{ count: string }>(
          `SELECT count(*) FROM (${driverSql} LIMIT ${ROWS_LOOKED_AT}) AS driver`,
        );
        const seen = Number(counted.rows[0]!.count);
        if (seen > MISJUDGED * guess) {
          await Promise.all(
            [main, counter].map((each) => each.query("SET LOCAL enable_nestloop = off")),
          );
        }
        return Math.max(seen, guess);
      },
      copy: (sql) => main.query(copyTo(sql, { highWaterMark: COPY_BUFFER_BYTES })),
      count: async (sql) => {
        const result = await counter.query<{ count: string }>(sql);
        return Number(result.rows[0]?.count);
      },
      rowsCopied: async () => {
        const result = await pool.query<{ rows: string }>(
          promptly("SELECT tuples_processed AS rows FROM pg_stat_progress_copy WHERE pid = $1", [
            processId(main),
          ]),
        );
        return Number(result.rows[0]?.rows ?? 0);
      },
      close: () => (closed ??= close()),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What `EXPLAIN (FORMAT JSON)` answers, as far as we read it. */
type Explained = { "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] };

/** Enough to tell a wrong guess from a right one, and read in a few milliseconds. */
const ROWS_LOOKED_AT = 10_000;

/** How many times more rows than expected make the guess a wrong one. */
const MISJUDGED = 10;

/** A replica shows what it has replayed, which may be a while ago. */
const AS_OF = `
  SELECT CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_xact_replay_timestamp(), statement_timestamp())
              ELSE statement_timestamp() END AS as_of,
         pg_export_snapshot() AS snapshot`;

const COPY_BUFFER_BYTES = 1_048_576;

const processId = (client: pg.PoolClient): number | null =>
  (client as unknown as { processID: number | null }).processID;
