/** What ends a stack: Ctrl-C, an orderly stop, a terminal that was closed. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** When the stack's 10 s (contract §7) are nearly over, the process ends all the same, and takes the rest with it. */
export const STOP_MS = 9_500;

const LOOK_EVERY_MS = 250;

/**
 * Calls `stop` when the process that npm runs us through is gone.
 *
 * npm hands a SIGTERM to the shell between itself and us, and that shell dies of it without telling us.
 */
export function followNpm(process: { readonly ppid: number }, stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, LOOK_EVERY_MS);
  timer.unref();
}
