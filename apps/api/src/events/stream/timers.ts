import type { Logger } from "@docket/platform";
import { withoutTenant } from "@docket/platform/database";

export type Timers = {
  readonly start: () => void;
  readonly stop: () => void;
  /** Runs the first task now. */
  readonly runFirst: () => void;
};

/** Runs each task at its interval, and never two of the same at once. A task that fails runs again at the next interval. */
export function createTimers(
  tasks: readonly (readonly [everyMs: number, task: () => Promise<void>])[],
  logger: Logger,
): Timers {
  let timers: readonly NodeJS.Timeout[] = [];
  let isFailing = false;
  const runs = tasks.map(([, task]) => {
    let isRunning = false;
    return async (): Promise<void> => {
      if (isRunning || timers.length === 0) return;
      isRunning = true;
      try {
        // The timers may have been started in the scope of a tenant.
        await withoutTenant(task);
        isFailing = false;
      } catch (error) {
        if (!isFailing) logger.warn({ err: error }, "relay of events failed, retrying");
        isFailing = true;
      } finally {
        isRunning = false;
      }
    };
  });
  return {
    start: () => {
      if (timers.length === 0)
        timers = tasks.map(([everyMs], index) => setInterval(() => void runs[index]!(), everyMs));
    },
    stop: () => {
      for (const timer of timers) clearInterval(timer);
      timers = [];
    },
    runFirst: () => void runs[0]?.(),
  };
}
