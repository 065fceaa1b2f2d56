import pg from "pg";
import type { TestApi } from "./api.ts";

/** Does `work` while nothing can be written into `table`, by a fault that no caller may hear of. */
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
