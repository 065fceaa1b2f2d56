import { randomUUID } from "node:crypto";
import { CLEAR_EXCEPTION_DATES, createTestDatabase, type TestDatabase } from "@docket/testing";
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

test("fills in the exceptions and the disputes of the previous release", async () => {
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
  await owner.query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, resolution, closed_by, closed_at)
     SELECT e.tenant_id, e.context_id, e.id, 'OTHER', s.state, 'd', 'x', s.resolution, s.resolution, s.closed_at
     FROM exceptions e, (VALUES ('OPEN', NULL, NULL), ('WON', 'r', now()), ('LOST', 'r', now())) s (state, resolution, closed_at)
     WHERE e.id IN (SELECT id FROM exceptions LIMIT 1000)`,
  );
  // As the previous release left them.
  await owner.query(CLEAR_EXCEPTION_DATES);
  await owner.query("UPDATE exceptions SET amount_key = '', currency = NULL, source_id = NULL");
  await owner.query("ALTER TABLE disputes DISABLE TRIGGER disputes_derive_amounts");
  await owner.query(
    "UPDATE disputes SET disputed_amount = NULL, currency = NULL, recovered_amount = NULL, amount_key = ''",
  );
  await owner.query("ALTER TABLE disputes ENABLE TRIGGER disputes_derive_amounts");
  await owner.query("DELETE FROM data_migrations");
  await runDataMigrations(database.ownerUrl, dataMigrations);
  const { rows } = await owner.query(
    `SELECT count(*)::int AS rows, min(amount_key), max(amount_key),
            bool_and(e.currency = t.currency AND e.source_id = t.source_id AND e.amount_key::numeric = -t.amount AND e.date = t.date) AS same
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
  const disputes = await owner.query(
    `SELECT d.state, count(*)::int AS rows,
            bool_and(d.disputed_amount = abs(t.amount) AND d.currency = t.currency AND d.amount_key = e.amount_key) AS same,
            bool_and(d.recovered_amount = d.disputed_amount) AS recovered
     FROM disputes d JOIN exceptions e ON e.id = d.exception_id JOIN transactions t ON t.id = e.transaction_id
     GROUP BY d.state ORDER BY d.state`,
  );
  const filled = { rows: 1_000, same: true };
  expect(disputes.rows).toEqual([
    { state: "LOST", ...filled, recovered: null },
    { state: "OPEN", ...filled, recovered: null },
    { state: "WON", ...filled, recovered: true },
  ]);
});
