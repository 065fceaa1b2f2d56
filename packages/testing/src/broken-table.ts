import pg from "pg";
import type { TestDatabase } from "./services/database.ts";

/** Runs `work` while every write to `table` fails. */
export async function withBrokenTable<T>(
  { ownerUrl }: TestDatabase,
  table: string,
  work: () => Promise<T>,
): Promise<T> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(`ALTER TABLE ${table} ADD CONSTRAINT broken CHECK (false) NOT VALID`);
    return await work();
  } finally {
    await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS broken`);
    await owner.end();
  }
}
