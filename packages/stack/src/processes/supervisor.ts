import { setTimeout as sleep } from "node:timers/promises";

/** Something that has been started and is ready. */
export type Running = {
  /** Resolves with the reason when it has ended, whether it was stopped or not. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
};

export type SupervisorOptions<T extends Running> = {
  readonly name: string;
  /** Starts it and resolves when it is ready. Rejects when the signal is aborted. */
  readonly start: (signal: AbortSignal) => Promise<T>;
  readonly log: (line: string) => void;
  /** The delay before the first restart. It doubles with every further restart. Default: 200 ms. */
  readonly minDelayMs?: number;
  /** Default: 10 s. */
  readonly maxDelayMs?: number;
  /** After a run of this length the delay starts at its minimum again. Default: 30 s. */
  readonly resetAfterMs?: number;
};

export type Supervised<T extends Running> = {
  /** The result of the first start. Later starts reuse its port. */
  readonly first: T;
  /** The running instance; undefined during a restart. */
  readonly current: () => T | undefined;
  /** Stops it for good. */
  readonly stop: () => Promise<void>;
};

type State<T> = { current: T | undefined; delayMs: number };

/**
 * Starts something and restarts it with exponential backoff whenever it ends, until the signal is aborted or `stop`.
 *
 * @throws the error of the first start, which is not retried.
 */
export async function supervise<T extends Running>(
  options: SupervisorOptions<T>,
  signal: AbortSignal,
): Promise<Supervised<T>> {
  const first = await options.start(signal);
  const state: State<T> = { current: first, delayMs: options.minDelayMs ?? 200 };
  const stopping = new AbortController();
  const restarts = keepRunning(options, state, AbortSignal.any([signal, stopping.signal]));
  return {
    first,
    current: () => state.current,
    stop: async () => {
      stopping.abort();
      await state.current?.stop();
      await restarts;
      // A restart may have finished in the meantime.
      await state.current?.stop();
    },
  };
}

async function keepRunning<T extends Running>(
  options: SupervisorOptions<T>,
  state: State<T>,
  signal: AbortSignal,
): Promise<void> {
  const { name, log, minDelayMs = 200, resetAfterMs = 30_000 } = options;
  while (state.current !== undefined) {
    const startedAt = performance.now();
    const reason = await state.current.ended;
    if (signal.aborted) return;
    log(`${name} ended (${reason}), restarting`);
    if (performance.now() - startedAt > resetAfterMs) state.delayMs = minDelayMs;
    state.current = undefined;
    state.current = await restart(options, state, signal);
    // `stop` waits for this function and then stops what has just started.
    if (signal.aborted) return;
    log(`${name} is running again`);
  }
}

/** Retries until a start succeeds; undefined when the signal is aborted. */
async function restart<T extends Running>(
  { name, start, log, maxDelayMs = 10_000 }: SupervisorOptions<T>,
  state: State<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  while (!signal.aborted) {
    await sleep(state.delayMs, undefined, { signal }).catch(() => undefined);
    state.delayMs = Math.min(state.delayMs * 2, maxDelayMs);
    if (signal.aborted) break;
    try {
      return await start(signal);
    } catch (error) {
      if (!signal.aborted) log(`${name} failed to restart: ${firstLine(error)}`);
    }
  }
  return undefined;
}

const firstLine = (error: unknown): string => (error as Error).message.split("\n", 1).join("");
