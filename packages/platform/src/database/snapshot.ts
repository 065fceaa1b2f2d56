import type pg from "pg";
import type { OnCopyData } from "./copy-messages.ts";
import { copyOut, type CopyOut } from "./copy-out.ts";
import { promptly } from "./promptly.ts";
import {
  beginSnapshot,
  endSessions,
  joinSnapshot,
  releaseSessions,
  type Session,
} from "./snapshot-sessions.ts";

/** A consistent view of the database, unaffected by later commits. */
export type Snapshot = {
  /** The instant that the snapshot shows. */
  readonly asOf: Date;
  /**
   * Protects the following queries against stale statistics, and resolves with the approximate number of rows they read.
   *
   * For a context that was filled since the last ANALYZE, the planner expects a handful of rows and joins a million by nested
   * loops, which takes hours. In that case this disables nested loops: hash joins are linear whatever the estimate was. Otherwise
   * nested loops stay enabled, because they are faster for few rows.
   *
   * @param driverSql the rows that the queries start from, as a plain SELECT.
   */
  readonly preparePlans: (driverSql: string) => Promise<number>;
  /** Starts a `COPY (…) TO STDOUT`; see {@link copyOut}. One at a time. */
  readonly copy: (sql: string, onCopyData: OnCopyData) => CopyOut;
  /** Runs a query that returns few rows. Before the COPY. */
  readonly query: <Row extends pg.QueryResultRow>(sql: string) => Promise<readonly Row[]>;
  /** Runs a `SELECT count(*)` on the same snapshot, in parallel with the COPY. */
  readonly count: (sql: string) => Promise<number>;
  /**
   * Gives the connections back to the pool, if all statements have ended. A new connection costs some milliseconds on both sides, and
   * its COPY has to map the shared buffers that it reads, page by page.
   */
  readonly release: () => Promise<void>;
  /** Cancels running statements and discards the connections, unless they were released. May be called at any time and more than once. */
  readonly close: () => Promise<void>;
};

/** The most connections that an open snapshot uses: the COPY, the count, and briefly one for progress or cancellation. */
export const CONNECTIONS_PER_SNAPSHOT = 3;

/** Opens a `REPEATABLE READ READ ONLY` snapshot as the current tenant. */
export async function openSnapshot(pool: pg.Pool): Promise<Snapshot> {
  const sessions: Session[] = [];
  const connect = async (): Promise<Session> => {
    const session: Session = { client: await pool.connect(), pid: undefined };
    sessions.push(session);
    return session;
  };
  try {
    const main = await connect();
    const { asOf, snapshotId } = await beginSnapshot(main);
    const side = await connect();
    try {
      await joinSnapshot(side, snapshotId);
    } catch (error) {
      // An exported snapshot ends with its session. If that is why, report how the session ended: it is an outage.
      await main.client.query(promptly("SELECT 1"));
      throw error;
    }
    return createSnapshot(pool, asOf, main, side);
  } catch (error) {
    await endSessions(pool, sessions);
    throw error;
  }
}

function createSnapshot(pool: pg.Pool, asOf: Date, main: Session, side: Session): Snapshot {
  let closed: Promise<void> | undefined;
  return {
    asOf,
    preparePlans: async (driverSql) => {
      const estimate = await estimateRows(main.client, driverSql);
      const counted = await countRows(
        main.client,
        `SELECT count(*) FROM (${driverSql} LIMIT ${ROWS_COUNTED}) AS driver`,
      );
      if (counted > MISESTIMATE_FACTOR * estimate) {
        const disable = "SET LOCAL enable_nestloop = off";
        await Promise.all([main.client.query(disable), side.client.query(disable)]);
      }
      return Math.max(counted, estimate);
    },
    copy: (sql, onCopyData) => copyOut(main.client, sql, onCopyData),
    query: async <Row extends pg.QueryResultRow>(sql: string) =>
      (await main.client.query<Row>(sql)).rows,
    count: (sql) => countRows(side.client, sql),
    release: () => (closed ??= releaseSessions([main, side])),
    close: () => (closed ??= endSessions(pool, [main, side])),
  };
}

/** How many rows to count before trusting an estimate: enough to detect a wrong one, few enough to read in milliseconds. */
const ROWS_COUNTED = 10_000;

/** An estimate this many times too low is wrong. */
const MISESTIMATE_FACTOR = 10;

/** The part of `EXPLAIN (FORMAT JSON)` that is read. */
type Explained = { "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] };

/** The planner's estimate of the rows of a SELECT. */
export async function estimateRows(
  client: Pick<pg.ClientBase, "query">,
  sql: string,
): Promise<number> {
  const { rows } = await client.query<Explained>(`EXPLAIN (FORMAT JSON) ${sql}`);
  return rows[0]!["QUERY PLAN"][0].Plan["Plan Rows"];
}

async function countRows(client: pg.PoolClient, sql: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(sql);
  return Number(rows[0]?.count);
}
