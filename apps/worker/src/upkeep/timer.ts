import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@docket/platform";
import { promptly, type Database } from "@docket/platform/database";
import type { WorkerMetrics } from "../metrics.ts";

export type UpkeepTask = {
  readonly name: string;
  /**
   * Returns counts of what was repaired, or undefined if there was nothing to do. Must be safe to interrupt, and should stop when
   * the signal aborts: the worker stops, or another worker may run the same task from now on.
   */
  readonly run: (signal: AbortSignal) => Promise<Readonly<Record<string, number>> | undefined>;
};

type TimerOptions = {
  readonly tasks: readonly UpkeepTask[];
  /** The key of the advisory lock under which the tasks run. */
  readonly lock: number;
  readonly pool: Database["pool"];
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly metrics: Pick<WorkerMetrics, "upkeep">;
  readonly lockIdle?: LockIdle;
};

/**
 * The server ends the session of a frozen worker, and with it the lock, when it has heard nothing for `limitMs`. A worker that runs
 * is heard every `renewMs`.
 */
type LockIdle = { readonly limitMs: number; readonly renewMs: number };

const LOCK_IDLE: LockIdle = { limitMs: 60_000, renewMs: 15_000 };

/** How long `close` waits for a running task. */
const STOP_MS = 2_000;

/**
 * Runs the tasks every `intervalMs`, in one worker at a time. They do not run through the queue, because they repair it. A task
 * that fails is logged and runs again at the next interval.
 */
export function startTimer(options: TimerOptions): { readonly close: () => Promise<void> } {
  const { intervalMs, logger } = options;
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await withAdvisoryLock(options, (held) =>
        runTasks(options, AbortSignal.any([held, stopped.signal])),
      ).catch((error: unknown) => logger.warn({ err: error }, "upkeep lock unavailable"));
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

async function runTasks(
  { tasks, logger, metrics }: TimerOptions,
  signal: AbortSignal,
): Promise<void> {
  for (const { name, run } of tasks) {
    if (signal.aborted) return;
    try {
      const repaired = await run(signal);
      metrics.upkeep(name, repaired ?? {});
      if (repaired !== undefined) logger.info({ upkeep: name, ...repaired }, "upkeep");
    } catch (error) {
      metrics.upkeep(name, undefined);
      logger.warn({ err: error, upkeep: name }, "upkeep failed");
    }
  }
}

/** Runs `work` if no other session holds the lock. The signal aborts when the lock is lost. */
async function withAdvisoryLock(
  { pool, lock, lockIdle = LOCK_IDLE }: TimerOptions,
  work: (held: AbortSignal) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  const lost = new AbortController();
  const onLost = (): void => lost.abort();
  client.once("end", onLost);
  const renewal = setInterval(() => {
    client.query(promptly("SELECT 1")).catch(onLost);
  }, lockIdle.renewMs);
  try {
    // A transaction lock: the server releases it at once if this worker dies.
    await client.query(
      `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${lockIdle.limitMs}`,
    );
    const { rows } = await client.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_xact_lock($1) AS locked",
      [lock],
    );
    if (rows[0]?.locked === true) await work(lost.signal);
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  } finally {
    clearInterval(renewal);
    client.off("end", onLost);
  }
}
