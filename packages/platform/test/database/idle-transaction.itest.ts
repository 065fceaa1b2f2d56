import { createTestDatabase, type TestDatabase } from "@docket/testing";
import { createDatabase, isDatabaseUnavailable, type Database } from "../../src/database/index.ts";

const LOCK = "SELECT pg_advisory_xact_lock(1)";

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({
    url: test.appUrl,
    poolSize: 2,
    applicationName: "idle-transaction-test",
    statementTimeoutMs: 60_000,
    idleTransactionMs: 200,
  });
});

afterAll(async () => {
  await database?.close();
  await test?.drop();
});

describe("a process that is frozen in a transaction", () => {
  it("gives its locks back, and its next statement fails as an outage", async () => {
    const frozen = await database.pool.connect();
    await frozen.query(`BEGIN; ${LOCK}`);
    // Waits until the server has ended the session of the other one.
    await database.pool.query(LOCK);
    const error: unknown = await frozen.query("COMMIT").catch((reason: unknown) => reason);
    expect(isDatabaseUnavailable(error)).toBe(true);
    frozen.release(true);
  });
});
