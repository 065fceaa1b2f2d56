import { createDatabase, type Database } from "@docket/platform/database";
import pg from "pg";
import { createTestDatabase, type TestDatabase } from "./services/database.ts";

/** A test database with open connections. Stages of a package extend it with what their tests need. */
export type DatabaseStage = {
  readonly test: TestDatabase;
  /** Connected with the role of the API and the worker. */
  readonly database: Database;
  /** Connected as the owner of the tables, who sees every tenant. */
  readonly owner: pg.Client;
  readonly close: () => Promise<void>;
};

export type DatabaseStageOptions = {
  readonly poolSize?: number;
  readonly statementTimeoutMs?: number;
};

export async function createDatabaseStage({
  poolSize = 8,
  statementTimeoutMs = 30_000,
}: DatabaseStageOptions = {}): Promise<DatabaseStage> {
  const test = await createTestDatabase();
  const database = createDatabase({
    url: test.appUrl,
    poolSize,
    applicationName: "test",
    statementTimeoutMs,
  });
  const owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  return {
    test,
    database,
    owner,
    close: async () => {
      await owner.end();
      await database.close();
      await test.drop();
    },
  };
}
