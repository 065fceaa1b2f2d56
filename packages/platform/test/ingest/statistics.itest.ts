import pg from "pg";
import { withTenant } from "../../src/database/index.ts";
import { transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const suite = ingestSuite();
const { context } = suite;
let superuser: pg.Client;

beforeEach(async () => {
  superuser = new pg.Client({ connectionString: suite.test().superuserUrl });
  await superuser.connect();
  // Only the ingest renews the statistics.
  await superuser.query("ALTER TABLE transactions SET (autovacuum_enabled = false)");
  await superuser.query("TRUNCATE transactions CASCADE; ANALYZE transactions");
});

afterEach(() => superuser.end());

const MANY = 12_000;

const some = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => transaction(`T${at}`));

/** How many transactions of the context the planner expects, for a query like the API's. */
async function plannedRows(): Promise<number> {
  const { pool } = suite.database();
  const sql = `EXPLAIN (FORMAT JSON) SELECT FROM transactions WHERE context_id = '${context.contextId}'`;
  const { rows } = await withTenant(context.tenantId, () => pool.query(sql));
  return rows[0]["QUERY PLAN"][0].Plan["Plan Rows"] as number;
}

describe("the planner's statistics", () => {
  it("are up to date when a large ingest has finished", async () => {
    await context.push("transactions", some(MANY));
    expect(await plannedRows()).toBeGreaterThan(MANY / 2);
  });

  it("are not renewed by a small ingest", async () => {
    await context.push("transactions", some(500));
    expect(await plannedRows()).toBeLessThan(100);
  });

  it("may fail to be renewed without failing the ingest", async () => {
    await superuser.query("REVOKE EXECUTE ON FUNCTION analyze_records() FROM docket_app");
    try {
      expect(await context.push("transactions", some(MANY))).toMatchObject({ inserted: MANY });
      expect(await plannedRows()).toBeLessThan(MANY / 10);
      expect(await context.push("transactions", some(10))).toMatchObject({ unchanged: 10 });
    } finally {
      await superuser.query("GRANT EXECUTE ON FUNCTION analyze_records() TO docket_app");
    }
  });

  it("are not renewed while another session holds the table", async () => {
    await superuser.query("BEGIN; LOCK TABLE transactions IN SHARE UPDATE EXCLUSIVE MODE");
    expect(await context.push("transactions", some(MANY))).toMatchObject({ inserted: MANY });
    await superuser.query("ROLLBACK");
  });
});
