import {
  addContext,
  createDatabaseStage,
  MATCHED_ITEMS_DIFFERENCE,
  untilBlocked,
  type DatabaseStage,
} from "@docket/testing";
import pg from "pg";
import { runDataMigrations, type Cursor } from "../src/data.ts";
import { matchedItems, migrateBatch } from "../src/matched-items.ts";

let stage: DatabaseStage;
let contexts: readonly string[];

/** A confirmed group for each two transactions of a context, in reverse order of the dates. */
const MATCHES = `
  WITH numbered AS (
    SELECT t.*, row_number() OVER (ORDER BY date DESC) AS n FROM transactions t WHERE context_id = $1
  ), added AS (
    INSERT INTO match_groups (tenant_id, context_id, external_id, rule, confidence)
    SELECT DISTINCT tenant_id, context_id, 'G' || (n + 1) / 2, 'amount', 90 FROM numbered
    RETURNING *
  )
  INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
  SELECT t.tenant_id, g.id, t.id, t.amount FROM numbered t JOIN added g ON g.external_id = 'G' || (n + 1) / 2`;

beforeEach(async () => {
  stage = await createDatabaseStage();
  const ids = [
    await addContext(stage.database, { transactions: 25 }),
    await addContext(stage.database, { transactions: 4 }),
  ];
  contexts = ids.map(({ contextId }) => contextId);
  // As in a database from before the table.
  for (const contextId of contexts) await stage.owner.query(MATCHES, [contextId]);
  await stage.owner.query("TRUNCATE matched_items");
  await stage.owner.query("DELETE FROM data_migrations");
});

afterEach(() => stage.close());

const differences = async (): Promise<object[]> =>
  (await stage.owner.query<object>(MATCHED_ITEMS_DIFFERENCE)).rows;

const BATCH_ROWS = 3;

/** Migrates in small batches, with a change before each of them. */
const migrateWith = (change: (batch: number) => Promise<unknown>): Promise<void> => {
  let batch = 0;
  const migrateSome = async (tx: pg.ClientBase, after: Cursor | undefined) => {
    await change(batch++);
    return migrateBatch(tx, after, BATCH_ROWS);
  };
  return runDataMigrations(stage.test.ownerUrl, [{ ...matchedItems, migrateBatch: migrateSome }]);
};

describe("the data migration of matched items", () => {
  it("adds the items of all confirmed groups, and reports that it has finished", async () => {
    expect(await differences()).not.toEqual([]);
    const finished = "SELECT is_data_migrated('matched-items') AS finished";
    expect((await stage.database.pool.query(finished)).rows).toEqual([{ finished: false }]);
    const migrated: number[] = [];
    await runDataMigrations(stage.test.ownerUrl, [matchedItems], (_, rows) => migrated.push(rows));
    expect(await differences()).toEqual([]);
    expect(migrated.at(-1)).toBe(29);
    expect((await stage.database.pool.query(finished)).rows).toEqual([{ finished: true }]);
  });

  it.each([
    [
      "transactions move to dates that it has passed, or has not reached",
      "UPDATE transactions SET date = date + (CASE WHEN random() < 0.5 THEN -20 ELSE 20 END) * interval '1 minute' WHERE random() < 0.3",
    ],
    [
      "groups are confirmed, rejected and changed",
      `UPDATE match_groups SET status = CASE WHEN random() < 0.5 THEN 'CONFIRMED' ELSE 'REJECTED' END, confidence = round((random() * 100)::numeric)
       WHERE random() < 0.3`,
    ],
    ["items are removed", "DELETE FROM match_group_items WHERE random() < 0.1"],
    ["amounts change", "UPDATE match_group_items SET amount = amount + 1 WHERE random() < 0.3"],
  ])("is right while %s", async (_, change) => {
    await migrateWith(() => stage.owner.query(change));
    expect(await differences()).toEqual([]);
  });

  it("waits for an ingest into the context of a batch", async () => {
    const [contextId] = contexts;
    const ingest = new pg.Client({ connectionString: stage.test.ownerUrl });
    await ingest.connect();
    try {
      await ingest.query("BEGIN");
      await ingest.query(
        "SELECT pg_advisory_xact_lock(hashtextextended('records ' || tenant_id || id, 0)) FROM contexts WHERE id = $1",
        [contextId],
      );
      await ingest.query("UPDATE match_groups SET status = 'REVOKED' WHERE context_id = $1", [
        contextId,
      ]);
      const migrating = runDataMigrations(stage.test.ownerUrl, [matchedItems]);
      await untilBlocked(stage.owner);
      await ingest.query("COMMIT");
      await migrating;
    } finally {
      await ingest.end();
    }
    expect(await differences()).toEqual([]);
  });
});
