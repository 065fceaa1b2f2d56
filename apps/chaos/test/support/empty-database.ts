import { createTestDatabase, type TestDatabase } from "@docket/testing";
import pg from "pg";

/** A database without any schema, and the URLs of the owner and of an application login. */
export type EmptyDatabase = Pick<TestDatabase, "ownerUrl" | "appUrl" | "drop">;

/** Creates a database next to the test databases, on the same server and with the same logins. */
export async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const neighbour = await createTestDatabase();
  const name = `${neighbour.name}_empty`;
  const owner = decodeURIComponent(new URL(neighbour.ownerUrl).username);
  await execute(
    neighbour.superuserUrl,
    `CREATE DATABASE ${name} OWNER ${owner} TEMPLATE template0`,
  );
  return {
    ownerUrl: withDatabase(neighbour.ownerUrl, name),
    appUrl: withDatabase(neighbour.appUrl, name),
    drop: async () => {
      await execute(neighbour.superuserUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await neighbour.drop();
    },
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
