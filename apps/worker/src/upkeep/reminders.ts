import type { Logger } from "@docket/platform";
import { withTenant, type Database } from "@docket/platform/database";
import { findDueReminders, sendReminder } from "@docket/platform/rows";
import { sweepRows } from "./sweeper.ts";
import type { UpkeepTask } from "./timer.ts";

/** Reminders per run. */
const LIMIT = 1_000;

/** Sends the reminders of disputes whose deadline comes near or has passed, each once (docs/api.md §8). */
export function reminders(tools: {
  readonly database: Pick<Database, "transaction" | "pool">;
  readonly logger: Logger;
}): UpkeepTask {
  const { logger } = tools;
  const { transaction, pool } = tools.database;
  return {
    name: "reminders",
    run: async (signal) => {
      const due = await findDueReminders(pool, LIMIT);
      const reminded = await sweepRows(due, { logger, signal }, ({ tenantId, id }) =>
        withTenant(tenantId, () => transaction((tx) => sendReminder(tx, id))),
      );
      return reminded > 0 ? { reminded } : undefined;
    },
  };
}
