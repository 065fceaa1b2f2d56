import type pg from "pg";

/** Seconds since the oldest event without a number was written; 0 if there is none. */
export async function readEventLag(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ lag: number }>("SELECT metrics_event_lag() AS lag");
  return rows[0]!.lag;
}

/**
 * Deletes at most `most` of the oldest events of one tenant, if they occurred more than `keepDays` ago.
 *
 * @returns how many; 0 if no tenant has such events.
 */
export async function expireEvents(pool: pg.Pool, keepDays: number, most: number): Promise<number> {
  const { rows } = await pool.query<{ expired: number }>(
    "SELECT upkeep_expire_events($1, $2) AS expired",
    [keepDays, most],
  );
  return rows[0]!.expired;
}
