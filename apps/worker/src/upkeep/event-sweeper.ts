import type { Database } from "@docket/platform/database";
import { expireEvents } from "@docket/platform/rows";
import { sumBatches } from "./batches.ts";
import type { UpkeepTask } from "./timer.ts";

/** Events per statement, all of one tenant. */
const BATCH = 1_000;

/** Statements per run, so that the other tasks of the timer have their turn. */
const BATCHES = 50;

/** Deletes the events whose retention has passed (docs/api.md §9). */
export const eventSweeper = (
  { pool }: Pick<Database, "pool">,
  retentionDays: number,
): UpkeepTask => ({
  name: "event-sweeper",
  run: async (signal) => {
    const deleted = await sumBatches(signal, () => expireEvents(pool, retentionDays, BATCH), {
      most: BATCHES,
    });
    return deleted > 0 ? { deleted } : undefined;
  },
});
