import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@docket/platform";
import type { Database } from "@docket/platform/database";
import type { WorkerMetrics } from "../metrics.ts";

/** A piece of upkeep; returns how many of what it mended, or undefined when there was nothing to do. */
export type UpkeepTask = {
  readonly name: string;
  readonly run: () => Promise<Readonly<Record<string, number>> | undefined>;
};

export type Upkeep = { readonly close: () => Promise<void> };

/** Advisory locks, any numbers that nobody else uses: "docket" on a telephone's keys, and the next. */
export const UPKEEP_LOCKS = { reconciler: 362_538, sweepers: 362_539 } as const;

/** How long a stop waits for a task that is under way; each is safe to be cut off. */
const STOP_MS = 2_000;

/**
 * Runs the tasks every `intervalMs`, in one worker at a time: never through the queue, since upkeep mends the queue.
 * A task that fails is logged and tried again at the next turn.
 */
export function startUpkeep(options: {
  readonly tasks: readonly UpkeepTask[];
  /** Whoever holds it runs these tasks. Tasks that must not wait for one another have locks, and timers, of their own. */
  readonly lock: number;
  readonly pool: Database["pool"];
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly metrics: Pick<WorkerMetrics, "upkeep">;
}): Upkeep {
  const { tasks, lock, pool, intervalMs, logger, metrics } = options;
  const stopped = new AbortController();

  const runTask = async ({ name, run }: UpkeepTask): Promise<void> => {
    try {
      const done = await run();
      metrics.upkeep(name, done ?? {});
      if (done !== undefined) logger.info({ upkeep: name, ...done }, "upkeep");
    } catch (error) {
      metrics.upkeep(name, undefined);
      logger.warn({ err: error, upkeep: name }, "upkeep failed");
    }
  };

  const turn = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      // The lock is the transaction's: when this worker dies, the server gives it to the next, and when it freezes, after this time.
      await client.query("BEGIN; SET LOCAL idle_in_transaction_session_timeout = '60s'");
      const { rows } = await client.query<{ locked: boolean }>(
        "SELECT pg_try_advisory_xact_lock($1) AS locked",
        [lock],
      );
      if (rows[0]?.locked === true) for (const task of tasks) await runTask(task);
      await client.query("COMMIT");
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  };

  const running = (async () => {
    while (!stopped.signal.aborted) {
      await turn().catch((error: unknown) => logger.warn({ err: error }, "upkeep could not run"));
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
