import { createTestDatabase, type TestDatabase } from "@docket/testing";
import pg from "pg";
import { pendingDataMigrations, runDataMigrations, type DataMigration } from "../src/data.ts";

const ROWS = 25;
const BATCH = 10;

let database: TestDatabase;
let client: pg.Client;

/** Adds 1 to each row's `value`, ten rows at a time; `beforeBatch` runs inside each batch's transaction. */
const addOne = (
  beforeBatch: (tx: pg.ClientBase, batch: number) => Promise<unknown> = () => Promise.resolve(),
): DataMigration => {
  let batch = 0;
  return {
    name: "add-one",
    migrateBatch: async (tx, after) => {
      const { rows } = await tx.query<{ id: number }>(
        `UPDATE numbers SET value = value + 1
         WHERE id IN (SELECT id FROM numbers WHERE id > $1 ORDER BY id LIMIT $2) RETURNING id`,
        [after?.["id"] ?? "0", BATCH],
      );
      await beforeBatch(tx, (batch += 1));
      if (rows.length < BATCH) return { rows: rows.length };
      return { rows: rows.length, next: { id: String(Math.max(...rows.map(({ id }) => id))) } };
    },
  };
};

const values = async (): Promise<readonly number[]> => {
  const { rows } = await client.query<{ value: number }>("SELECT value FROM numbers ORDER BY id");
  return rows.map(({ value }) => value);
};

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

beforeEach(async () => {
  await client.query("DELETE FROM data_migrations WHERE name = 'add-one'");
  await client.query("DROP TABLE IF EXISTS numbers");
  await client.query("CREATE TABLE numbers (id int PRIMARY KEY, value int NOT NULL)");
  await client.query(`INSERT INTO numbers SELECT n, 0 FROM generate_series(1, ${ROWS}) n`);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const allOnce = Array<number>(ROWS).fill(1);

test("migrates every row once and records that it has finished", async () => {
  const progress: number[] = [];
  await runDataMigrations(database.ownerUrl, [addOne()], (_name, rows) => progress.push(rows));
  expect(await values()).toEqual(allOnce);
  expect(progress).toEqual([10, 20, 25]);
  expect(await pendingDataMigrations(client, [addOne()])).toEqual([]);
});

test("does nothing when it has finished before", async () => {
  await runDataMigrations(database.ownerUrl, [addOne()]);
  await runDataMigrations(database.ownerUrl, [addOne()]);
  expect(await values()).toEqual(allOnce);
});

test("continues after the last committed batch when a batch fails", async () => {
  const failing = addOne((_tx, batch) =>
    batch === 2 ? Promise.reject(new Error("disk full")) : Promise.resolve(),
  );
  await expect(runDataMigrations(database.ownerUrl, [failing])).rejects.toThrow("disk full");
  expect(await pendingDataMigrations(client, [addOne()])).toEqual(["add-one"]);
  await runDataMigrations(database.ownerUrl, [addOne()]);
  expect(await values()).toEqual(allOnce);
});

test("continues after the last committed batch when the connection is terminated", async () => {
  const terminated = addOne((tx, batch) =>
    batch === 2 ? tx.query("SELECT pg_terminate_backend(pg_backend_pid())") : Promise.resolve(),
  );
  await expect(runDataMigrations(database.ownerUrl, [terminated])).rejects.toThrow();
  await runDataMigrations(database.ownerUrl, [addOne()]);
  expect(await values()).toEqual(allOnce);
});

test("lets one of two concurrent runners do the work", async () => {
  const run = (): Promise<void> => runDataMigrations(database.ownerUrl, [addOne()]);
  await Promise.all([run(), run()]);
  expect(await values()).toEqual(allOnce);
});
