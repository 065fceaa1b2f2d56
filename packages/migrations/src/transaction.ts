import type pg from "pg";

/**
 * Runs `work` in a transaction of `client`. Triggers and checks rely on READ COMMITTED, which the server's configuration could change.
 */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // The first error is the one to report: a broken connection also fails the ROLLBACK.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Requests and ingests lock rows in orders of their own. Postgres ends one of two that wait for each other. */
const isTransient = (error: unknown): boolean =>
  ["40P01", "40001", "55P03"].includes((error as { code?: string }).code ?? "");

const ATTEMPTS = 5;

/** Runs `work` in a transaction, again if a deadlock ended it. */
export async function inRetriedTransaction<T>(
  client: pg.Client,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(client, work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error)) throw error;
    }
  }
}
