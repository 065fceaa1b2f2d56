import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import pg from "pg";
import { runDataMigrations } from "../src/data.ts";
import { dataMigrations } from "../src/data-migrations.ts";

/** More than one batch. */
const ROWS = 2_500;
let database: TestDatabase;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

test("copies amount, currency and source to the exceptions of the previous release", async () => {
  for (const tenant of [randomUUID(), randomUUID()]) {
    const ids = [tenant, randomUUID(), randomUUID()];
    const run = (sql: string, count: number): Promise<unknown> =>
      owner.query(sql, ids.slice(0, count));
    await run("INSERT INTO contexts (tenant_id, id, name) VALUES ($1, $2, 'c')", 2);
    await run(
      `INSERT INTO sources (tenant_id, context_id, id, name, type, side) VALUES ($1, $2, $3, 's', 'BANK', 'LEFT')`,
      3,
    );
    await run(
      `INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
       SELECT $1, $2, $3, n, -n - 0.5, 'EUR', now() FROM generate_series(1, ${ROWS}) n`,
      3,
    );
    await run(
      `INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity)
       SELECT tenant_id, context_id, id, 'LOW' FROM transactions WHERE tenant_id = $1`,
      1,
    );
  }
  // As the previous release left them.
  await owner.query("UPDATE exceptions SET amount_key = '', currency = NULL, source_id = NULL");
  await owner.query("DELETE FROM data_migrations WHERE name = 'exception-transactions'");
  await runDataMigrations(database.ownerUrl, dataMigrations);
  const { rows } = await owner.query(
    `SELECT count(*)::int AS rows, min(amount_key), max(amount_key),
            bool_and(e.currency = t.currency AND e.source_id = t.source_id AND e.amount_key::numeric = -t.amount) AS same
     FROM exceptions e JOIN transactions t ON t.id = e.transaction_id`,
  );
  expect(rows).toEqual([
    {
      rows: 2 * ROWS,
      min: "00000000000000000001.50000000",
      max: "00000000000000002500.50000000",
      same: true,
    },
  ]);
});
