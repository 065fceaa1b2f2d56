/** Ctrl-C, an orderly stop, and a closed terminal. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A program that has not stopped after this long exits by force, so that the stack stops within 10 s (docs/api.md §7). */
export const STOP_TIMEOUT_MS = 9_500;

const PARENT_POLL_MS = 250;

/** What {@link abortOnStop} uses of `process`. */
type Program = Pick<NodeJS.Process, "on" | "env" | "ppid">;

/** Returns a signal that is aborted when the program is asked to stop. For `main.ts` only, which passes `process`. */
export function abortOnStop(program: Program): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  // `on`, not `once`: npm repeats the terminal's Ctrl-C, and a signal without a listener would kill the program.
  for (const signal of STOP_SIGNALS) program.on(signal, stop);
  if (program.env["npm_lifecycle_event"] !== undefined) callWhenOrphaned(program, stop);
  return stopping.signal;
}

/** npm passes SIGTERM to the shell between itself and this program; the shell dies without forwarding it. */
function callWhenOrphaned(program: Program, stop: () => void): void {
  const parent = program.ppid;
  const timer = setInterval(() => {
    if (program.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_POLL_MS);
  timer.unref();
}
