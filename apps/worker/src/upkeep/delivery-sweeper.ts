import type { Database } from "@docket/platform/database";
import { expireDeliveries } from "@docket/platform/rows";
import type { UpkeepTask } from "./timer.ts";

/** Rows per statement. */
const LIMIT = 5_000;

/** Deletes the deliveries of webhooks that are kept no longer, and deleted endpoints. */
export function deliverySweeper({
  database: { pool },
}: {
  readonly database: Pick<Database, "pool">;
}): UpkeepTask {
  return {
    name: "delivery-sweeper",
    run: async (signal) => {
      let deleted = 0;
      for (let last = LIMIT; last >= LIMIT && !signal.aborted; deleted += last)
        last = await expireDeliveries(pool, LIMIT);
      return deleted > 0 ? { deleted } : undefined;
    },
  };
}
