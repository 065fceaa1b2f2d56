import { waitFor } from "@docket/testing";
import pg from "pg";
import { transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context, test } = ingestSuite();

const clients: pg.Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
});

const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: test().superuserUrl });
  await client.connect();
  clients.push(client);
  return client;
};

/** Waits until `count` sessions of this database wait for a row. */
const waiting = (observer: pg.Client, count: number): Promise<unknown> =>
  waitFor(async () => {
    const { rowCount } = await observer.query(
      `SELECT DISTINCT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE NOT granted AND locktype IN ('transactionid', 'tuple') AND datname = current_database()`,
    );
    return rowCount === count;
  });

it.each([
  ["amounts", "first", "A", { amount: "250" }],
  ["amounts", "second", "B", { amount: "250" }],
  ["dates", "first", "A", { date: "2026-03-01" }],
  ["dates", "second", "B", { date: "2026-03-01" }],
])(
  "an ingest of %s and a bulk action do not deadlock when the %s exception has the lower ID",
  async (_, __, lower, changes) => {
    const ids = ["A", "B"];
    await context.push(
      "transactions",
      ids.map((id) => transaction(id)),
    );
    await context.push(
      "exceptions",
      ids.map((id) => ({ source: "Bank", transaction: id, severity: "LOW" })),
    );
    await context.ask(
      `UPDATE exceptions e SET id = (CASE t.external_id WHEN '${lower}' THEN '0' ELSE '1' END || substr(e.id::text, 2))::uuid
       FROM transactions t WHERE t.id = e.transaction_id AND e.context_id = $1`,
    );
    const rows = await context.ask<{ id: string }>(
      "SELECT id FROM exceptions WHERE context_id = $1 ORDER BY id",
    );
    const [holder, bulk, observer] = [await connect(), await connect(), await connect()];
    await holder.query("BEGIN");
    await holder.query("SELECT FROM exceptions WHERE id = $1 FOR UPDATE", [rows[0]!.id]);
    // As apps/api/src/changes/lock.ts locks rows.
    const locked = bulk.query(
      `SELECT FROM exceptions WHERE id IN ('${rows[0]!.id}', '${rows[1]!.id}') ORDER BY id FOR UPDATE`,
    );
    await waiting(observer, 1);
    const pushed = context.push(
      "transactions",
      ids.map((id) => transaction(id, changes)),
    );
    await waiting(observer, 2);
    await holder.query("COMMIT");
    await expect(Promise.all([locked, pushed])).resolves.toMatchObject([{}, { updated: 2 }]);
  },
);
