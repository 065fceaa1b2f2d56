import { createTestDatabase, type TestDatabase } from "@docket/testing";
import pg from "pg";

import { migrate, schemaStatus } from "../src/index.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

describe("migrate", () => {
  it("reports a migrated database as up to date", async () => {
    await expect(schemaStatus(database.ownerUrl)).resolves.toContain("up to date");
  });

  it("changes nothing when it is repeated", async () => {
    await expect(migrate(database.ownerUrl)).resolves.toContain("No pending migrations to apply");
  });

  it("creates a missing database, and serializes concurrent runs", async () => {
    const url = new URL(database.superuserUrl);
    url.pathname = `${database.name}_new`;
    try {
      await migrate(url.href);
      await Promise.all([migrate(url.href), migrate(url.href)]);
      await expect(schemaStatus(url.href)).resolves.toContain("up to date");
    } finally {
      const client = new pg.Client({ connectionString: database.superuserUrl });
      await client.connect();
      await client.query(`DROP DATABASE IF EXISTS ${database.name}_new WITH (FORCE)`);
      await client.end();
    }
  });

  it("does not print the password when authentication fails", async () => {
    const url = new URL(database.ownerUrl);
    url.password = "secret-guess";
    const failure = await migrate(url.href).catch(String);
    expect(failure).toContain("prisma migrate deploy failed");
    expect(failure).toContain("authentication");
    expect(failure).not.toContain("secret-guess");
  });
});
