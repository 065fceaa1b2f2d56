import {
  addContext,
  COUNTERS_DIFFERENCE,
  createDatabaseStage,
  type DatabaseStage,
} from "@docket/testing";
import pg from "pg";
import { counters } from "../src/counters.ts";
import { runDataMigrations, type DataMigration } from "../src/data.ts";

let stage: DatabaseStage;
let contexts: readonly string[];
const clients: pg.Client[] = [];

const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: stage.test.ownerUrl });
  await client.connect();
  clients.push(client);
  return client;
};

beforeEach(async () => {
  stage = await createDatabaseStage();
  const { tenantId, contextId } = await addContext(stage.database, { transactions: 25 });
  const other = await addContext(stage.database, { tenantId, name: "other", transactions: 4 });
  contexts = [contextId, other.contextId, (await addContext(stage.database)).contextId];
  await stage.owner.query(
    `INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, due_at)
     SELECT tenant_id, context_id, id, 'LOW', date FROM transactions`,
  );
  await stage.owner.query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, respond_by)
     SELECT tenant_id, context_id, id, 'OTHER', 'OPEN', 'd', 'ada', due_at FROM exceptions`,
  );
  await stage.owner.query(`
    WITH matched AS (
      INSERT INTO match_groups (tenant_id, context_id, id, external_id)
      SELECT tenant_id, context_id, id, external_id FROM transactions WHERE amount < 20)
    INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
    SELECT tenant_id, id, id, amount FROM transactions WHERE amount < 20`);
  // As in a database from before the counters.
  await stage.owner.query("TRUNCATE counters, counter_changes");
  await stage.owner.query("DELETE FROM data_migrations");
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
  await stage.close();
});

const differences = async (): Promise<object[]> =>
  (await stage.owner.query<object>(COUNTERS_DIFFERENCE)).rows;

const transactionsOf = async (contextId: string | undefined, view: string): Promise<unknown> =>
  (
    await stage.owner.query(
      `SELECT sum(count)::int AS count, trim_scale(sum(amount))::text AS amount FROM ${view}
       WHERE context_id = $1 AND name = 'transactions'`,
      [contextId],
    )
  ).rows[0];

const repair = (client: pg.Client): Promise<pg.QueryResult> =>
  client.query(
    "SELECT r.name, r.stored_count, r.count FROM contexts c, repair_counters(c.tenant_id, c.id) r WHERE c.id = $1",
    [contexts[0]],
  );

describe("the data migration of counters", () => {
  it("counts the rows of all contexts", async () => {
    expect(await transactionsOf(contexts[0], "stored_counters")).toEqual({
      count: null,
      amount: null,
    });
    await runDataMigrations(stage.test.ownerUrl, [counters]);
    expect(await differences()).toEqual([]);
    const figures = { count: 25, amount: "325" };
    expect(await transactionsOf(contexts[0], "stored_counters")).toEqual(figures);
  });

  it("is right while rows change, and while a transaction is open", async () => {
    const writer = await connect();
    await writer.query("BEGIN");
    await writer.query(
      "UPDATE transactions SET status = 'IGNORED', date = date + interval '3 days' WHERE amount < 3",
    );
    await writer.query("UPDATE disputes SET respond_by = NULL");
    const migrateBesideWriters: DataMigration = {
      ...counters,
      migrateBatch: async (tx, after) => {
        // The writer has locked the exceptions of the transactions that it moved.
        await stage.owner.query(
          `UPDATE exceptions SET severity = 'HIGH', due_at = due_at + interval '1 hour', assigned_to = 'ada'
           WHERE random() < 0.5 AND transaction_id IN (SELECT id FROM transactions WHERE amount >= 3)`,
        );
        return counters.migrateBatch(tx, after);
      },
    };
    await runDataMigrations(stage.test.ownerUrl, [migrateBesideWriters]);
    expect(await differences()).toEqual([]);
    await writer.query("COMMIT");
    expect(await differences()).toEqual([]);
  });
});

describe("repair_counters", () => {
  it("returns and corrects the counters that were wrong, once, also when two run at the same time", async () => {
    await runDataMigrations(stage.test.ownerUrl, [counters]);
    expect((await repair(stage.owner)).rows).toEqual([]);
    await stage.owner.query(
      "UPDATE counter_changes SET count = count + 2 WHERE name IN ('transactions', 'disputes')",
    );
    const wrong = await differences();
    expect(wrong).toHaveLength(4);
    const [first, second] = await Promise.all([repair(await connect()), repair(await connect())]);
    expect([...first.rows, ...second.rows]).toEqual([
      { name: "disputes", stored_count: "27", count: "25" },
      { name: "transactions", stored_count: "27", count: "25" },
    ]);
    // The other context is still wrong.
    expect(await differences()).toHaveLength(2);
  });

  it("may be called by the owner only", async () => {
    const call = "SELECT repair_counters(gen_random_uuid(), gen_random_uuid())";
    await expect(stage.database.pool.query(call)).rejects.toThrow("permission denied");
  });
});
