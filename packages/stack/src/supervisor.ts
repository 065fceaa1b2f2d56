/** Something that was started and is ready. */
export type Running = {
  /** Resolves with the reason when it has ended, asked to or not. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
};

export type SupervisorOptions<T extends Running> = {
  readonly name: string;
  /** Starts it and resolves when it is ready; gives up when the signal says so. */
  readonly start: (signal: AbortSignal) => Promise<T>;
  readonly log: (line: string) => void;
  /** The first pause before it is started again; each that follows is twice as long. Default: 200 ms. */
  readonly firstPauseMs?: number;
  /** Default: 10 s. */
  readonly longestPauseMs?: number;
  /** What has run this long gets the first pause again. Default: 30 s. */
  readonly calmAfterMs?: number;
};

/** Keeps one thing running. */
export type Supervised<T extends Running> = {
  /** The first start's result; later ones are alike (same port). */
  readonly first: T;
  /** What runs now; undefined between its end and the next start. */
  readonly current: () => T | undefined;
  /** Stops it for good. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts something and starts it again whenever it ends, with pauses that grow.
 *
 * @throws whatever the first start throws: what cannot be started at all is not repeated.
 */
export async function supervise<T extends Running>(
  options: SupervisorOptions<T>,
  signal: AbortSignal,
): Promise<Supervised<T>> {
  const { name, log, firstPauseMs = 200, longestPauseMs = 10_000, calmAfterMs = 30_000 } = options;
  const stopping = new AbortController();
  const anySignal = AbortSignal.any([signal, stopping.signal]);
  const first = await options.start(signal);
  let current: T | undefined = first;
  let pauseMs = firstPauseMs;

  /** Undefined when it is to stop. */
  const startAgain = async (): Promise<T | undefined> => {
    while (!stopping.signal.aborted) {
      await pause(pauseMs, stopping.signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      if (stopping.signal.aborted) break;
      try {
        return await options.start(anySignal);
      } catch (error) {
        if (!stopping.signal.aborted) log(`${name} does not start: ${firstLine(error)}`);
      }
    }
    return undefined;
  };

  const keepRunning = async (): Promise<void> => {
    while (current !== undefined) {
      const since = performance.now();
      const reason = await current.ended;
      if (stopping.signal.aborted) return;
      log(`${name} ended (${reason}); starting it again`);
      if (performance.now() - since > calmAfterMs) pauseMs = firstPauseMs;
      current = undefined;
      current = await startAgain();
      // Whoever stops us meanwhile waits for this, and stops what came up.
      if (stopping.signal.aborted) return;
      log(`${name} runs again`);
    }
  };

  const kept = keepRunning();
  return {
    first,
    current: () => current,
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await kept;
      // It may have come up while we waited.
      await current?.stop();
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}

const firstLine = (error: unknown): string => (error as Error).message.split("\n", 1).join("");
