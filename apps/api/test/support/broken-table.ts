import pg from "pg";
import type { TestApi } from "./api.ts";

/** Runs `work` while every write to `table` fails with an error that must not reach the client. */
export async function whileBroken<T>(
  api: TestApi,
  table: string,
  work: () => Promise<T>,
): Promise<T> {
  const owner = new pg.Client({ connectionString: api.test.ownerUrl });
  await owner.connect();
  try {
    await owner.query(`ALTER TABLE ${table} ADD CONSTRAINT broken CHECK (false) NOT VALID`);
    return await work();
  } finally {
    await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS broken`);
    await owner.end();
  }
}
