import type { Logger } from "@docket/platform";
import { withTenant, type Database } from "@docket/platform/database";
import { findDueReminders, sendReminders, type DueReminders } from "@docket/platform/rows";
import { sumBatches } from "./batches.ts";
import { sweepRows } from "./sweeper.ts";
import type { UpkeepTask } from "./timer.ts";

/** Reminders per batch. A reminder that becomes due meanwhile waits for the batch. */
const LIMIT = 200;

/** Sends the reminders of disputes whose deadline comes near or has passed, each once (docs/api.md §8). */
export function reminders(tools: {
  readonly database: Pick<Database, "transaction" | "pool">;
  readonly logger: Logger;
}): UpkeepTask {
  const { logger } = tools;
  const { transaction, pool } = tools.database;
  const send = ({ tenantId, ids }: DueReminders): Promise<number> =>
    withTenant(tenantId, () => transaction((tx) => sendReminders(tx, ids)));

  const sendBatch = async (signal: AbortSignal): Promise<number> => {
    let sent = 0;
    const failed: DueReminders[] = [];
    for (const due of await findDueReminders(pool, LIMIT)) {
      if (signal.aborted) break;
      try {
        sent += await send(due);
      } catch {
        failed.push(...due.ids.map((id) => ({ tenantId: due.tenantId, ids: [id] })));
      }
    }
    // Each by itself: one dispute whose reminder fails must not hold up the others of its tenant.
    return (
      sent + (await sweepRows(failed, { logger, signal }, async (one) => (await send(one)) > 0))
    );
  };

  return {
    name: "reminders",
    run: async (signal) => {
      const reminded = await sumBatches(signal, () => sendBatch(signal), {});
      return reminded > 0 ? { reminded } : undefined;
    },
  };
}
