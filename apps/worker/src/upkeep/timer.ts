import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@docket/platform";
import type { Database } from "@docket/platform/database";
import type { WorkerMetrics } from "../metrics.ts";

export type UpkeepTask = {
  readonly name: string;
  /** Returns counts of what was repaired, or undefined if there was nothing to do. Must be safe to interrupt. */
  readonly run: () => Promise<Readonly<Record<string, number>> | undefined>;
};

type TimerOptions = {
  readonly tasks: readonly UpkeepTask[];
  /** The key of the advisory lock under which the tasks run. */
  readonly lock: number;
  readonly pool: Database["pool"];
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly metrics: Pick<WorkerMetrics, "upkeep">;
};

/** How long `close` waits for a running task. */
const STOP_MS = 2_000;

/**
 * Runs the tasks every `intervalMs`, in one worker at a time. They do not run through the queue, because they repair it. A task
 * that fails is logged and runs again at the next interval.
 */
export function startTimer(options: TimerOptions): { readonly close: () => Promise<void> } {
  const { pool, lock, intervalMs, logger } = options;
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await withAdvisoryLock(pool, lock, () => runTasks(options)).catch((error: unknown) =>
        logger.warn({ err: error }, "upkeep could not start"),
      );
      await pause(intervalMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      stopped.abort();
      await Promise.race([running, pause(STOP_MS, undefined, { ref: false })]);
    },
  };
}

async function runTasks({ tasks, logger, metrics }: TimerOptions): Promise<void> {
  for (const { name, run } of tasks) {
    try {
      const repaired = await run();
      metrics.upkeep(name, repaired ?? {});
      if (repaired !== undefined) logger.info({ upkeep: name, ...repaired }, "upkeep");
    } catch (error) {
      metrics.upkeep(name, undefined);
      logger.warn({ err: error, upkeep: name }, "upkeep failed");
    }
  }
}

/** Runs `work` if no other session holds the lock. */
async function withAdvisoryLock(
  pool: Database["pool"],
  key: number,
  work: () => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    // A transaction lock: the server releases it at once if this worker dies, and after 60 s if it freezes.
    await client.query("BEGIN; SET LOCAL idle_in_transaction_session_timeout = '60s'");
    const { rows } = await client.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_xact_lock($1) AS locked",
      [key],
    );
    if (rows[0]?.locked === true) await work();
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
