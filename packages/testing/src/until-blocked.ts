import type pg from "pg";
import { waitFor } from "./wait-for.ts";

/**
 * Waits until a statement waits for a lock in the client's database. The client may be in a transaction, but must not be the one
 * that waits.
 */
export async function untilBlocked(client: Pick<pg.ClientBase, "query">): Promise<void> {
  await waitFor(async () => (await client.query(BLOCKED)).rows.length > 0);
}

// Not from pg_stat_activity, which shows the same rows until the transaction ends. A session that waits for a row waits for the
// transaction that has locked it. That lock names no database, but the session also holds locks on tables, which do.
const BLOCKED = `
  SELECT FROM pg_locks waiting JOIN pg_locks held USING (pid) JOIN pg_database ON pg_database.oid = held.database
  WHERE NOT waiting.granted AND datname = current_database()`;
