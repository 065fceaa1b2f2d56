import type pg from "pg";
import { promptly } from "./promptly.ts";
import { statementsOf, type Statements } from "./client.ts";

/**
 * Runs a transaction through the driver, without Prisma's overhead, for the hottest paths. Commits if `work` resolves and rolls back
 * if it rejects.
 *
 * @param first a statement sent in one message with BEGIN. It takes no parameters: pass literals through `escapeLiteral`.
 */
export async function plainTransaction<T>(
  pool: pg.Pool,
  first: string,
  work: (client: pg.PoolClient, tx: Statements) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(`BEGIN; ${first}`);
    const result = await work(client, statementsOf(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query(promptly("ROLLBACK")).catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}
