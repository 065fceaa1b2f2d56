import type { Lifetime } from "@docket/platform";
import type { WorkerContext } from "../context.ts";
import { counterFolder } from "./counter-folder.ts";
import { eventSweeper } from "./event-sweeper.ts";
import { deliverySweeper } from "./delivery-sweeper.ts";
import { idempotencySweeper } from "./idempotency-sweeper.ts";
import { orphanSweeper } from "./orphan-sweeper.ts";
import { reconciler } from "./reconciler.ts";
import { reminders } from "./reminders.ts";
import { retentionSweeper } from "./retention-sweeper.ts";
import { startTimer, type UpkeepTask } from "./timer.ts";

/** Advisory lock keys that nothing else uses: "docket" on a phone keypad, and the next numbers. The sequencer has 362,541. */
const LOCKS = {
  reconciler: 362_538,
  sweepers: 362_539,
  maintenance: 362_540,
  reminders: 362_542,
} as const;

type UpkeepContext = Pick<WorkerContext, "logger" | "metrics" | "database" | "storage"> & {
  readonly config: Pick<WorkerContext["config"], "upkeepIntervalMs" | "eventRetentionDays">;
  readonly queue: Pick<WorkerContext["queue"], "add">;
};

/** Starts the reconciler and the sweepers. `lifetime` stops them. */
export function startUpkeep(context: UpkeepContext, lifetime: Lifetime): void {
  const { config, logger, metrics, database, storage } = context;
  const start = (name: keyof typeof LOCKS, tasks: readonly UpkeepTask[]): void => {
    const timer = startTimer({
      tasks,
      lock: LOCKS[name],
      pool: database.pool,
      intervalMs: config.upkeepIntervalMs,
      logger,
      metrics,
    });
    lifetime.onClose(name, timer.close);
  };
  // Separate timers: a store that hangs, or many slow rows, must delay neither the requeueing of lost jobs nor reminders.
  start("reconciler", [reconciler(context)]);
  start("reminders", [reminders(context)]);
  start("maintenance", [
    counterFolder(context),
    idempotencySweeper(context),
    eventSweeper(database, config.eventRetentionDays),
    deliverySweeper(context),
  ]);
  if (storage !== undefined) {
    const tools = { database, storage, logger, metrics };
    start("sweepers", [orphanSweeper(tools), retentionSweeper(tools)]);
  }
}
