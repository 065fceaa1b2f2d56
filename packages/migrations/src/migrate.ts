import { dataMigrations } from "./data-migrations.ts";
import { runDataMigrations, type Progress } from "./data.ts";
import { deploySchema } from "./schema.ts";

/**
 * Brings a database up to date: Prisma's migrations first, then the data migrations. Running processes of the previous
 * release keep working on the result.
 *
 * @param ownerUrl a login that owns the tables, or may create them.
 * @returns the output of the Prisma CLI.
 */
export async function migrate(ownerUrl: string, onProgress?: Progress): Promise<string> {
  const output = await deploySchema(ownerUrl);
  await runDataMigrations(ownerUrl, dataMigrations, onProgress);
  return output;
}
