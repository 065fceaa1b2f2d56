import type pg from "pg";
import { waitFor } from "./wait-for.ts";

/** Waits until a statement waits for a lock in the client's database. The client must not be the one that waits. */
export async function untilBlocked(client: Pick<pg.ClientBase, "query">): Promise<void> {
  await waitFor(async () => {
    const { rows } = await client.query(
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    return rows.length > 0;
  });
}
