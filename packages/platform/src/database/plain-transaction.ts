import type pg from "pg";
import { statementsOf, type Statements } from "./client.ts";

/**
 * A transaction by the plain driver, for what many wait for: all that `work` does through it commits together or not at all.
 *
 * @param first goes to the server in one message with BEGIN, and so has no parameters: literals go through `escapeLiteral`.
 */
export async function plainTransaction<T>(
  pool: pg.Pool,
  first: string,
  work: (client: pg.PoolClient, within: Statements) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(`BEGIN; ${first}`);
    const result = await work(client, statementsOf(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}
