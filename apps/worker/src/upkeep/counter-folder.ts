import type { Database } from "@docket/platform/database";
import { foldCounters } from "@docket/platform/rows";
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
      let folded = 0;
      for (let turn = 0; turn < MAX_TRANSACTIONS && !signal.aborted; turn += 1) {
        const changes = await foldCounters(tools.database.pool, LIMIT);
        folded += changes;
        if (changes < LIMIT) break;
      }
      return folded > 0 ? { folded } : undefined;
    },
  };
}
