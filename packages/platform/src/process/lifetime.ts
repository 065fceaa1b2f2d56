import type { Logger } from "./logger.ts";

/** Everything a process has started, closed in reverse order. */
export type Lifetime = {
  /** Registers the close function of something that has just started. Once {@link close} has been called, it is closed too. */
  readonly onClose: (name: string, close: () => Promise<void> | void) => void;
  /**
   * Closes everything in reverse order. Every call returns the same promise.
   * A close that fails is logged and does not stop the others; the promise then resolves to false.
   */
  readonly close: () => Promise<boolean>;
};

export function createLifetime(logger: Logger): Lifetime {
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<boolean> | undefined;

  const closeAll = async (): Promise<boolean> => {
    let clean = true;
    for (let last = closers.pop(); last !== undefined; last = closers.pop()) {
      const { name, close } = last;
      try {
        await close();
      } catch (error) {
        clean = false;
        logger.error({ err: error, closing: name }, "close failed");
      }
    }
    return clean;
  };

  return {
    onClose: (name, close) => {
      closers.push({ name, close });
      if (closing !== undefined) void closing.then(closeAll);
    },
    close: () => (closing ??= closeAll()),
  };
}

/** How long a process may take to stop after SIGTERM: 10 s (docs/api.md §6), with time to exit on a busy machine. */
const STOP_TIMEOUT_MS = 8_500;

/** The part of `process` that `runUntilSignal` uses. */
type Process = {
  readonly once: (signal: NodeJS.Signals, listener: () => void) => unknown;
  readonly exit: (code: number) => never;
};

/**
 * Runs `start`. On SIGTERM or SIGINT, closes what it started and exits with 0, or with 1 if closing fails or takes too long.
 * If `start` rejects, closes what it had started so far and exits with 1.
 */
export async function runUntilSignal(
  process: Process,
  logger: Logger,
  start: (lifetime: Lifetime) => Promise<void>,
): Promise<void> {
  const lifetime = createLifetime(logger);
  const stop = async (reason: string, exitCode: number): Promise<void> => {
    logger.info({ reason }, "stopping");
    setTimeout(() => {
      logger.error("shutdown timed out");
      process.exit(1);
    }, STOP_TIMEOUT_MS).unref();
    const clean = await lifetime.close();
    process.exit(clean ? exitCode : 1);
  };
  process.once("SIGTERM", () => void stop("SIGTERM", 0));
  process.once("SIGINT", () => void stop("SIGINT", 0));
  try {
    await start(lifetime);
  } catch (error) {
    logger.fatal({ err: error }, "start failed");
    await stop("start failed", 1);
  }
}
