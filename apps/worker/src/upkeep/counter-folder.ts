import type { Database } from "@docket/platform/database";
import { foldCounters } from "@docket/platform/rows";
import { sumBatches } from "./batches.ts";
import type { UpkeepTask } from "./timer.ts";

/** Changes per transaction. */
const LIMIT = 10_000;

/** Transactions per run, so that the other tasks have their turn. */
const MAX_TRANSACTIONS = 100;

/** Adds the changes of counters to the counters. Readers sum both, so this only keeps their sums short. */
export function counterFolder(tools: { readonly database: Pick<Database, "pool"> }): UpkeepTask {
  return {
    name: "counter-folder",
    run: async (signal) => {
      const folded = await sumBatches(signal, () => foldCounters(tools.database.pool, LIMIT), {
        most: MAX_TRANSACTIONS,
        isLast: (changes) => changes < LIMIT,
      });
      return folded > 0 ? { folded } : undefined;
    },
  };
}
