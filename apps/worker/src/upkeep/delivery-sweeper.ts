import type { Database } from "@docket/platform/database";
import { expireDeliveries } from "@docket/platform/rows";
import { sumBatches } from "./batches.ts";
import type { UpkeepTask } from "./timer.ts";

/** Rows per statement. */
const LIMIT = 5_000;

/** Statements per run, so that the other tasks of the timer have their turn. */
const BATCHES = 10;

/** Deletes the deliveries of webhooks that are kept no longer, and deleted endpoints. */
export function deliverySweeper({
  database: { pool },
}: {
  readonly database: Pick<Database, "pool">;
}): UpkeepTask {
  return {
    name: "delivery-sweeper",
    run: async (signal) => {
      const deleted = await sumBatches(signal, () => expireDeliveries(pool, LIMIT), {
        most: BATCHES,
        isLast: (rows) => rows < LIMIT,
      });
      return deleted > 0 ? { deleted } : undefined;
    },
  };
}
