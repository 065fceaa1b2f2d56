import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import type pg from "pg";
import {
  createDatabase,
  isDatabaseUnavailable,
  openSnapshot,
  withTenant,
  type Database,
} from "../../src/database/index.ts";

let test: TestDatabase;
let database: Database;
let superuser: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  const settings = { poolSize: 3, applicationName: "snapshot-test", statementTimeoutMs: 0 };
  database = createDatabase({ url: test.appUrl, ...settings });
  superuser = createDatabase({ url: test.superuserUrl, ...settings });
});

afterAll(async () => {
  await superuser?.close();
  await database?.close();
  await test?.drop();
});

const open = (pool: pg.Pool): Promise<unknown> =>
  withTenant(randomUUID(), async () => (await openSnapshot(pool)).close());

/** A pool that ends the server process of its first connection before it hands out the second one. */
function poolWithLostConnection(): pg.Pool {
  let first: { readonly client: pg.PoolClient; readonly pid: number } | undefined;
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await database.pool.connect();
    if (first === undefined) {
      const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      first = { client, pid: rows[0]!.pid };
      return client;
    }
    const ended = new Promise((resolve) => first?.client.once("end", resolve));
    await superuser.pool.query("SELECT pg_terminate_backend($1)", [first.pid]);
    await ended;
    return client;
  };
  const query = (sql: pg.QueryConfig): Promise<unknown> => database.pool.query(sql);
  return { connect, query } as unknown as pg.Pool;
}

describe("openSnapshot", () => {
  it("opens a snapshot and returns its connections", async () => {
    await open(database.pool);
    expect(database.pool.waitingCount).toBe(0);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it("gives its connections back without its settings, also one that its reader has paused", async () => {
    const { pool } = database;
    await withTenant(randomUUID(), async () => {
      const snapshot = await openSnapshot(pool);
      const sessions = pool.totalCount;
      const copy = snapshot.copy("COPY (SELECT 1) TO STDOUT", () => undefined);
      expect(await copy.rows).toBe(1);
      expect(await snapshot.count("SELECT 7 AS count")).toBe(7);
      copy.pause();
      await snapshot.release();
      await snapshot.close();
      expect([pool.totalCount, pool.idleCount]).toEqual([sessions, sessions]);
      const next = await Promise.all(Array.from({ length: sessions }, () => pool.connect()));
      for (const client of next) {
        const { rows } = await client.query(
          "SELECT current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS readonly",
        );
        expect(rows).toEqual([{ timeout: "0", readonly: "off" }]);
        client.release();
      }
    });
  });

  it("discards the connections of a snapshot that is closed while its COPY runs", async () => {
    const { pool } = database;
    await withTenant(randomUUID(), async () => {
      const snapshot = await openSnapshot(pool);
      const copy = snapshot.copy("COPY (SELECT pg_sleep(60)) TO STDOUT", () => undefined);
      copy.rows.catch(() => undefined);
      await snapshot.close();
      await expect(copy.rows).rejects.toThrow();
    });
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it("reports an outage if the session that exported the snapshot ends before the other joins it", async () => {
    const error = await open(poolWithLostConnection()).catch((fault: unknown) => fault);
    expect(isDatabaseUnavailable(error)).toBe(true);
    await expect(database.ping()).resolves.toBeUndefined();
  });
});
