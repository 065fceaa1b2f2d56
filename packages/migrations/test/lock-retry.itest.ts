import { readFile } from "node:fs/promises";
import { createTestDatabase, untilBlocked, type TestDatabase } from "@docket/testing";
import pg from "pg";

let test: TestDatabase;
const clients: pg.Client[] = [];
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  for (const client of clients) await client.end();
  await test.drop();
});

const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: test.superuserUrl });
  await client.connect();
  clients.push(client);
  return client;
};

/** The statement by which a migration locks a table that exports read. */
async function lockStatement(migration: string): Promise<string> {
  const path = `${import.meta.dirname}/../../../prisma/migrations/${migration}/migration.sql`;
  return /^SELECT lock_table_with_retry\(.*\);$/m.exec(await readFile(path, "utf8"))![0];
}

describe("a migration of a table that a running export reads", () => {
  it.each([
    ["exceptions", "20261127170000_exception_changes"],
    ["exceptions", "20261127171000_exception_filters"],
    ["disputes", "20261127172000_dispute_details"],
    ["disputes", "20261127173000_dispute_reminders"],
  ])("waits for the export without holding up other reads of %s (%s)", async (table, migration) => {
    const [exporter, migrator, reader] = [await connect(), await connect(), await connect()];
    await exporter.query(`BEGIN; SELECT FROM ${table}`);
    let hasLock = false;
    await migrator.query("BEGIN");
    const locking = migrator.query(await lockStatement(migration)).then(() => (hasLock = true));
    await untilBlocked(reader);
    // Waits for at most one attempt of the migration.
    await reader.query("SET statement_timeout = '10s'");
    await reader.query(`SELECT FROM ${table}`);
    expect(hasLock).toBe(false);
    await exporter.query("COMMIT");
    await locking;
    await migrator.query("ROLLBACK");
  });
});
